# SPDX-License-Identifier: BSD-2-Clause
# For which architecture: ARCH=arm64|i386|x86_64, this machine's unless given.  A foreign one is built
# by clang with a sysroot of Debian's packages.  This file sets
#
#     B        the build folder: build, or build/ARCH for a foreign architecture
#     HOST_B   the one with what runs here (btfpack) and what is the same everywhere (BPF objects)
#     CROSS    not empty for a foreign architecture
#     CC, ARCH_FLAGS    what compiles and links for it
#     MACHINE, MULTIARCH    what RPM and `uname -m` call it, what Debian's folders are called
#     ARCH_HARDENING    what compilers have against attacks for this architecture
#     SYSROOT_READY     a file that is there when compiling can begin; none where nothing is to wait for

ARCHS := arm64 i386 x86_64
HOST_ARCH := $(patsubst aarch64,arm64,$(patsubst i%86,i386,$(shell uname -m)))
ARCH ?= $(HOST_ARCH)
CROSS := $(filter-out $(HOST_ARCH),$(ARCH))

ifneq ($(CROSS),)
ifeq ($(filter $(ARCHS),$(ARCH)),)
$(error ARCH=$(ARCH): no such architecture; there are $(ARCHS))
endif
endif

ifeq ($(CROSS),)
B        ?= build
HOST_B   := $(B)
else
B        ?= build/$(ARCH)
HOST_B   ?= build
endif

MACHINE_arm64 := aarch64
MACHINE_i386  := i686
MACHINE := $(or $(MACHINE_$(ARCH)),$(ARCH))
MULTIARCH := $(if $(filter i386,$(ARCH)),i386,$(MACHINE))-linux-gnu

# A compiler that the environment names is one for this machine.
HOST_CC := $(if $(filter environment,$(origin CC)),$(CC),gcc)
CROSS_CC := $(CLANG) --target=$(MACHINE)-linux-gnu -Wshorten-64-to-32
ifneq ($(filter default $(if $(CROSS),environment),$(origin CC)),)
CC := $(if $(CROSS),$(CROSS_CC),$(HOST_CC))
endif

ifneq ($(CROSS),)
ifeq ($(origin SYSROOT),undefined)
SYSROOT := $(shell packaging/sysroot.sh --path $(ARCH))
SYSROOT_READY := $(SYSROOT)/packages
$(SYSROOT_READY): packaging/sysroot.sh
	@packaging/sysroot.sh $(ARCH)
endif
# clang's i386 has SSE2, Debian's has not.
ARCH_FLAGS_i386 := -march=i686
ARCH_FLAGS := --sysroot=$(SYSROOT) $(ARCH_FLAGS_$(ARCH))
endif

# Shadow stacks and branch targets are had on x86_64 and arm64; Linux has none for 32-bit programs.
# clang of Debian 12 probes no stack on arm64, and refuses the option.
ARCH_HARDENING_x86_64 := -fcf-protection=full -fstack-clash-protection
ARCH_HARDENING_i386   := -fstack-clash-protection
ARCH_HARDENING_arm64  := -mbranch-protection=standard $(if $(CROSS),,-fstack-clash-protection)
ARCH_HARDENING := $(ARCH_HARDENING_$(ARCH))

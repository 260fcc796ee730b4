# btferry - one Makefile; `make help` lists the targets.
#
# Variables a user may set: CC, CLANG, CFLAGS, LDFLAGS, PREFIX, DESTDIR, B (the build folder), ARCH
# (packaging/arch.mk), SANITIZE (for example address,undefined), SIGN (a secret key file of minisign,
# for packages), V=1 for full command lines.

VERSION  := 0.1.0
CLANG    ?= clang
BPFTOOL  ?= $(firstword $(wildcard /usr/sbin/bpftool /sbin/bpftool) bpftool)
PREFIX   ?= /usr/local
DESTDIR  ?=
SANITIZE ?=
CFLAGS   ?= -O2 -g

include packaging/arch.mk

ifneq ($(words [$(B)]),1)
$(error B=$(B): the name of the build folder must not have spaces)
endif

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)';)

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef \
            -Wpointer-arith -Wwrite-strings -Wvla -Wdate-time

# What compiler, C library and linker have against programs being taken over; tests/hardening.bats
# looks whether it got in.  What an architecture has of its own stands in packaging/arch.mk.  The C
# library's checks (_FORTIFY_SOURCE) need an optimizer, and would hide things from a sanitizer.
HARDENING := -fstack-protector-strong $(ARCH_HARDENING)
FORTIFY := $(if $(SANITIZE)$(filter -O0,$(or $(lastword $(filter -O%,$(CFLAGS))),-O0)),,\
             -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
HARDENING_LDFLAGS := -Wl,-z,relro,-z,now,-z,noexecstack,-z,text

# Files are larger, and times later, than 32 bits can say.
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -I. $(WARNINGS) -fPIE \
              $(HARDENING) $(FORTIFY) -MMD -MP -DBTFERRY_VERSION='"$(VERSION)"' \
              -ffile-prefix-map=$(CURDIR)=. $(ARCH_FLAGS) $(CFLAGS) \
              $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all)
STATIC_LDFLAGS := $(ARCH_FLAGS) $(HARDENING_LDFLAGS) $(LDFLAGS)
ALL_LDFLAGS := $(STATIC_LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE))

# What a target host links, and what only the build host does.
TARGET_LIBS := -lbpf -lelf -lz -llz4 -ljansson -linih -lnettle -lsodium -lseccomp
BUILD_LIBS  := -lbpf -lelf -lz -llz4 -ljansson -linih -lnettle -lsodium -lxxhash -larchive -llzma -lcsv

# Folders from the bottom up (docs/architecture.md); each one becomes build/obj/FOLDER/*.o.
FOLDERS := lib core payload host decide loader builder btfpack checker runtime installer
src = $(sort $(wildcard $(1)/*.c))
obj = $(patsubst %.c,$(B)/obj/%.o,$(filter-out $(1)/main.c,$(call src,$(1))))

SHARED_OBJS  := $(foreach d,lib core payload host decide,$(call obj,$(d)))
CANARY_OBJ   := $(B)/obj/btfpack/canary_object.o
TARGET_OBJS  := $(SHARED_OBJS) $(foreach d,loader builder checker runtime installer,$(call obj,$(d)))
TEMPLATES_OBJ := $(B)/obj/btfpack/templates.o
# What a static program needs in place of its C library's.
STATIC_OBJS  := $(if $(filter i386,$(ARCH)),$(B)/obj/packaging/libc_i386.o)
BTFPACK_OBJS := $(SHARED_OBJS) $(call obj,btfpack) $(CANARY_OBJ) $(TEMPLATES_OBJ)

include $(sort $(wildcard bpf/rules.mk tests/rules.mk packaging/rules.mk))

.DEFAULT_GOAL := all

# btfpack is for this machine.  Sanitizers need their shared run time, so there is no static program
# with them.
PROGRAMS := $(if $(CROSS),,$(B)/bin/btfpack) $(B)/bin/btferry $(if $(SANITIZE),,$(B)/bin/btferry-static)

# What came out of which archive, for packaging/sbom.sh.
LINK_MAP = -Wl,-Map=$(B)/obj/$(@F).map

all: $(PROGRAMS) bpf ## build the programs and the BPF objects; ARCH=arm64|i386 for another architecture

$(B)/bin/btfpack: $(BTFPACK_OBJS) $(B)/obj/btfpack/main.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) $(LINK_MAP) -pie -o $@ $^ $(BUILD_LIBS)

$(B)/bin/btferry: $(TARGET_OBJS) $(B)/obj/installer/main.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) $(LINK_MAP) -pie -o $@ $^ $(TARGET_LIBS)

# The program of the .run: no shared library, so that it starts on any distribution; at an address
# that changes all the same.
$(B)/bin/btferry-static: $(TARGET_OBJS) $(B)/obj/installer/main.o $(STATIC_OBJS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(STATIC_LDFLAGS) $(LINK_MAP) -static-pie -o $@ $^ $(TARGET_LIBS)

$(B)/obj/%.o: %.c Makefile packaging/arch.mk | $(SYSROOT_READY)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(CANARY_OBJ): btfpack/canary_object.S $(B)/bpf/canary.bpf.o
	@mkdir -p $(@D)
	$(call say,AS,$<)$(CC) -c -o $@ -DCANARY_OBJECT='"$(B)/bpf/canary.bpf.o"' $<

ifneq ($(CROSS),)
# The other make may find BPF objects to build: not while this one does.
$(HOST_B)/bin/btfpack: FORCE | $(BPF_OBJS)
	+$(Q)$(MAKE) --no-print-directory ARCH=$(HOST_ARCH) B=$(HOST_B) CC=$(HOST_CC) $@
endif

# What packages and pages are filled in from; templates.list changes when a file comes or goes.
TEMPLATES := LICENSE $(sort $(wildcard packaging/templates/* packaging/hooks/* btfpack/page/*))
$(B)/obj/btfpack/templates.list: $(TEMPLATES) $(wildcard packaging/templates packaging/hooks btfpack/page)
	@mkdir -p $(@D)
	@printf 'template "%s", "%s"\n' $(foreach t,$(TEMPLATES),$(t:packaging/%=%) $(t)) >$@

$(TEMPLATES_OBJ): btfpack/templates.S $(B)/obj/btfpack/templates.list $(TEMPLATES)
	$(call say,AS,$<)$(CC) -c -o $@ -DTEMPLATE_LIST='"$(B)/obj/btfpack/templates.list"' $<

-include $(foreach d,$(FOLDERS),$(patsubst %.c,$(B)/obj/%.d,$(call src,$(d)))) $(STATIC_OBJS:.o=.d)

demo: all ## pack, check, install and run proctrace on this host, its BTF hidden
	@B=$(B) tests/demo.sh

# What the packages of proctrace hold: `make corpus` fetches an archive worth shipping.
ARCHIVE ?= $(firstword $(wildcard $(HOST_B)/corpus/archive) tests/$(if $(filter i386,$(ARCH)),vm,files)/btf)
DIST    := $(B)/dist/proctrace-$(VERSION)-$(MACHINE)
BTFPACK := $(HOST_B)/bin/btfpack

# The time of all that is in them: the last commit's, so that everybody gets the same bytes.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || stat -c %Y Makefile)
# SIGN=KEY, a secret key file of minisign, signs them (docs/signing.md).
sign    = $(if $(SIGN),--sign $(SIGN))
package = SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) $(BTFPACK) package $(1) $(sign) -a $(ARCHIVE) -o $(B)/dist \
          $(if $(CROSS),--program $(B)/bin/btferry --static-program $(B)/bin/btferry-static \
          --sysroot $(SYSROOT)) $(B)/bpf/proctrace.ini

# Of this version: others may lie beside them.
made = $$(ls $(foreach kind,$(1),$(B)/dist/proctrace[-_]$(VERSION)[-_]*.$(kind)))

dist: all $(BTFPACK) ## proctrace's .run, .deb, .rpm, .payload and what is in them, from ARCHIVE=DIR
	$(call say,PACK,$(B)/dist)$(call package,--run --deb --rpm)
	$(call say,PACK,$(DIST).payload)SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) $(BTFPACK) build $(sign) \
		-a $(ARCHIVE) --arch $(ARCH) -o $(DIST).payload \
		$(B)/bpf/proctrace.ini
	$(call say,SBOM,$(DIST).spdx.json)SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) SYSROOT=$(SYSROOT) \
		packaging/sbom.sh proctrace $(VERSION) $(B) $(HOST_B) $(ARCH) $(call made,run deb rpm payload) \
		>$(DIST).spdx.json.new && mv $(DIST).spdx.json.new $(DIST).spdx.json

sbom: dist ## dist, whose .spdx.json tells what is in its packages

deb: all $(BTFPACK) ## proctrace's .deb, from ARCHIVE=DIR
	$(call say,PACK,$(B)/dist)$(call package,--deb)

rpm: all $(BTFPACK) ## proctrace's .rpm, from ARCHIVE=DIR
	$(call say,PACK,$(B)/dist)$(call package,--rpm)

install: all install-documents ## install programs, man pages and completions below DESTDIR and PREFIX
	install -D -m 755 $(B)/bin/btfpack $(DESTDIR)$(PREFIX)/bin/btfpack
	install -D -m 755 $(B)/bin/btferry $(DESTDIR)$(PREFIX)/bin/btferry
	install -D -m 755 $(B)/bin/btferry-static $(DESTDIR)$(PREFIX)/lib/btferry/btferry-static

clean: ## remove the build folder
	rm -rf $(B)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all bpf demo dist sbom deb rpm install clean help FORCE
.DELETE_ON_ERROR:

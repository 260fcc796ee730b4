# SPDX-License-Identifier: BSD-2-Clause
# The BPF objects.  One proctrace.bpf.o serves every architecture: raw tracepoints take no pt_regs.
#
# vmlinux.h comes from a BTF in the tree, never from the build host's kernel, and no path of the build
# host reaches the object: every host builds the same bytes.  So they are built once, in HOST_B.

VMLINUX_BTF := tests/files/btf/debian/12/x86_64/6.1.0-54-cloud-amd64.btf.tar.xz
LLVM_STRIP  ?= llvm-strip
# v2: the newest instruction set that every kernel with raw tracepoints knows (4.17).
BPF_CFLAGS  := -g -O2 -std=gnu11 -target bpf -mcpu=v2 -Wall -Wextra -Werror -Wno-unused-parameter \
               -fdebug-compilation-dir=.

BPF_OBJS  := $(B)/bpf/proctrace.bpf.o $(B)/bpf/canary.bpf.o
BPF_FILES := $(patsubst %,$(B)/%,bpf/proctrace.ini $(sort $(wildcard bpf/event*.h bpf/kernel_types.h bpf/proctrace*.[ch])))

# Of libbpf, what proctrace's sources include: it travels with them.
LIBBPF_INCLUDE ?= $(or $(shell pkg-config --variable=includedir libbpf 2>/dev/null),/usr/include)
LIBBPF_HEADERS := $(patsubst %,$(B)/bpf/%.h,bpf_helpers bpf_helper_defs bpf_core_read bpf_endian bpf_tracing)
BPF_FILES += $(LIBBPF_HEADERS)

# Objects that tests load, one for each thing that the runtime must tell apart.
BPF_TEST_OBJS := $(patsubst tests/bpf/runtime/%.bpf.c,$(B)/tests/bpf/runtime/%.bpf.o, \
                   $(sort $(wildcard tests/bpf/runtime/*.bpf.c)))

bpf: $(BPF_OBJS) $(BPF_FILES) ## build the BPF objects and lay their manifest beside them
unit: $(BPF_TEST_OBJS)

$(HOST_B)/bpf/vmlinux.btf: $(VMLINUX_BTF)
	@mkdir -p $(@D)
	$(call say,BTF,$@)tar -xJOf $< >$@

$(HOST_B)/bpf/vmlinux.h: $(HOST_B)/bpf/vmlinux.btf
	$(call say,GEN,$@)$(BPFTOOL) btf dump file $< format c >$@

define compile_bpf
	@mkdir -p $(@D)
	$(call say,BPF,$@)$(CLANG) $(BPF_CFLAGS) -I. -I$(HOST_B)/bpf -fdebug-prefix-map=$(HOST_B)/bpf=bpf \
		-MD -MP -MT $@ -MF $(@:.o=.d) -c -o $@ $< && $(LLVM_STRIP) -g $@
endef

$(HOST_B)/bpf/%.bpf.o: bpf/%.bpf.c $(HOST_B)/bpf/vmlinux.h
	$(compile_bpf)

$(HOST_B)/tests/bpf/runtime/%.bpf.o: tests/bpf/runtime/%.bpf.c $(HOST_B)/bpf/vmlinux.h
	$(compile_bpf)

ifneq ($(CROSS),)
$(BPF_OBJS) $(BPF_TEST_OBJS): $(B)/%: $(HOST_B)/%
	@mkdir -p $(@D)
	$(call say,COPY,$@)cp $< $@
endif

$(LIBBPF_HEADERS): $(B)/bpf/%: $(LIBBPF_INCLUDE)/bpf/%
	@mkdir -p $(@D)
	$(call say,COPY,$@)cp $< $@

$(filter-out $(LIBBPF_HEADERS),$(BPF_FILES)): $(B)/bpf/%: bpf/%
	@mkdir -p $(@D)
	$(call say,COPY,$@)cp $< $@

-include $(patsubst $(B)/%.o,$(HOST_B)/%.d,$(BPF_OBJS) $(BPF_TEST_OBJS))

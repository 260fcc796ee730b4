# SPDX-License-Identifier: BSD-2-Clause
# Tests.  tests/unit/FOLDER_SUBJECT.c is one cmocka program; it links what FOLDER may see.

UNIT_SRCS  := $(sort $(wildcard tests/unit/*.c))
ifneq ($(CROSS),)
UNIT_SRCS  := $(filter-out tests/unit/btfpack_%,$(UNIT_SRCS))
# They run here, or in an emulator, with the libraries that they were linked with.
UNIT_LDFLAGS = -Wl,--dynamic-linker=$$(echo $(SYSROOT)/lib*/ld-linux*) \
               -Wl,-rpath,$(SYSROOT)/lib/$(MULTIARCH):$(SYSROOT)/usr/lib/$(MULTIARCH)
endif
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(UNIT_SRCS))

UNIT_OBJS_lib       := $(call obj,lib)
UNIT_OBJS_core      := $(UNIT_OBJS_lib) $(call obj,core)
UNIT_OBJS_payload   := $(UNIT_OBJS_core) $(call obj,payload)
UNIT_OBJS_host      := $(UNIT_OBJS_payload) $(call obj,host)
UNIT_OBJS_decide    := $(UNIT_OBJS_host) $(call obj,decide)
UNIT_OBJS_btfpack   := $(BTFPACK_OBJS)
UNIT_OBJS_loader    := $(UNIT_OBJS_decide) $(call obj,loader)
UNIT_OBJS_builder   := $(UNIT_OBJS_loader) $(call obj,builder)
UNIT_OBJS_checker   := $(TARGET_OBJS)
UNIT_OBJS_runtime   := $(TARGET_OBJS)
UNIT_OBJS_installer := $(TARGET_OBJS)
unit_objs = $(UNIT_OBJS_$(firstword $(subst _, ,$(1))))
unit_libs = $(if $(filter btfpack_%,$(1)),$(BUILD_LIBS),$(TARGET_LIBS))

.SECONDEXPANSION:
$(B)/tests/%: $(B)/obj/tests/unit/%.o $$(call unit_objs,$$*)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) $(UNIT_LDFLAGS) -pie -o $@ $^ -lcmocka $(call unit_libs,$*)

# Header-made BTF against the kernel's own.
$(B)/tests/builder/layouts: $(B)/obj/tests/builder/layouts.o $(TARGET_OBJS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(TARGET_LIBS)

layouts: all $(B)/tests/builder/layouts $(B)/tests/truth/tools ## hold BTF made of headers against the kernel's own; ARCHIVE=DIR
	@B=$(B) tests/builder/layouts.sh $(or $(ARCHIVE),tests/files/btf)

unit: $(B)/tests/builder/layouts
# Damages a payload in every way, for tests/hostile.bats.
$(B)/tests/hostile/damage: $(B)/obj/tests/hostile/damage.o $(UNIT_OBJS_payload)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) $(UNIT_LDFLAGS) -pie -o $@ $^ $(TARGET_LIBS)

unit: $(B)/tests/hostile/damage
unit: $(UNIT_TESTS) ## build the unit tests

# BPF objects that ask every kind of question, and kernels that no distribution ships.  They are
# resolved, never run.
TEST_BPF_FLAGS := -g -O2 -target bpf -Wall -Werror -Itests/bpf \
                  $(addprefix -I/usr/include/,$(shell $(CLANG) -print-multiarch 2>/dev/null || $(CC) -print-multiarch))
TEST_OBJECTS := $(patsubst tests/bpf/%.bpf.c,$(B)/tests/bpf/%.bpf.o,$(sort $(wildcard tests/bpf/*.bpf.c)))
TEST_KERNELS := $(patsubst tests/bpf/kernel_%.c,$(B)/tests/bpf/%.btf,$(sort $(wildcard tests/bpf/kernel_*.c))) \
                $(patsubst %,$(B)/tests/bpf/%.btf,long32 duplicates enum64)
LLVM_OBJCOPY ?= llvm-objcopy

$(B)/tests/bpf/%.bpf.o: tests/bpf/%.bpf.c tests/bpf/ask.h $(B)/tests/oracle/matches
	@mkdir -p $(@D)
	$(call say,BPF,$<)$(CLANG) $(TEST_BPF_FLAGS) -c -o $@ $< && $(B)/tests/oracle/matches $@ >/dev/null

$(B)/tests/bpf/%.btf: tests/bpf/kernel_%.c
	@mkdir -p $(@D)
	$(call say,BTF,$<)$(CLANG) $(TEST_BPF_FLAGS) -c -o $@.o $< && \
		$(LLVM_OBJCOPY) --dump-section .BTF=$@ $@.o

$(B)/tests/bpf/long32.btf $(B)/tests/bpf/duplicates.btf $(B)/tests/bpf/enum64.btf: $(B)/tests/oracle/makebtf
	@mkdir -p $(@D)
	$(call say,BTF,$@)$< $(basename $(@F)) $@

# The oracle: libbpf's own resolver, whose functions are hidden and so link from the archive only.
# LIBBPF_A names another libbpf's; give it a build folder of its own (B=...).
LIBBPF_A ?= $(shell $(CC) -print-file-name=libbpf.a)
ORACLE_PROGRAMS := $(addprefix $(B)/tests/oracle/,oracle cutbpf matches makebtf random random-broken)
oracle_obj = $(patsubst %,$(B)/obj/tests/oracle/%.o,$(1))

$(B)/tests/oracle/oracle: $(call oracle_obj,oracle judge relos) $(B)/obj/lib/array.o
$(B)/tests/oracle/cutbpf: $(call oracle_obj,cutbpf)
$(B)/tests/oracle/matches: $(call oracle_obj,matches relos) $(B)/obj/lib/array.o
$(B)/tests/oracle/makebtf: $(call oracle_obj,makebtf)
RANDOM_OBJS := $(call oracle_obj,random generate mutate names graph minimize verdict judge relos) \
               $(UNIT_OBJS_core)
$(B)/tests/oracle/random: $(RANDOM_OBJS)
# The same with a mistake in it, which it must find.
$(B)/tests/oracle/random-broken: $(RANDOM_OBJS) $(call oracle_obj,fault_match)
$(B)/tests/oracle/random-broken: WRAPPED := -Wl,--wrap=spec_is_flexible
$(ORACLE_PROGRAMS):
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) $(WRAPPED) -pie -o $@ $^ $(LIBBPF_A) -lelf -lz -lnettle

# btfpack that reduces wrongly, and must say so.
$(B)/tests/oracle/btfpack-broken: $(BTFPACK_OBJS) $(B)/obj/btfpack/main.o $(call oracle_obj,fault_emit)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -Wl,--wrap=emit_btf -pie -o $@ $^ $(BUILD_LIBS)

oracle: $(ORACLE_PROGRAMS) $(B)/tests/oracle/btfpack-broken $(TEST_OBJECTS) $(TEST_KERNELS) ## build the differential test with libbpf's own resolver

# What the benchmarks count, multiply and measure with.
BENCH_PROGRAMS := $(addprefix $(B)/tests/bench/,density multiply measure hash load nearest)
$(B)/tests/bench/density $(B)/tests/bench/nearest $(B)/tests/bench/multiply $(B)/tests/bench/hash: $(BTFPACK_OBJS)
$(BENCH_PROGRAMS): $(B)/tests/bench/%: $(B)/obj/tests/bench/%.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ $(BUILD_LIBS)

# tests/fuzz/NAME.c is one libFuzzer target, linked with every layer, all of it sanitized.
FUZZ_NAMES := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
FUZZ_FLAGS := -g -O1 -U_FORTIFY_SOURCE -fno-omit-frame-pointer -fno-sanitize-recover=all
LAYER_OBJS  := $(foreach d,$(FOLDERS),$(call obj,$(d)))
FUZZ_LAYERS := $(LAYER_OBJS:$(B)/obj/%=$(B)/fuzz/obj/%)
SECONDS_EACH := $(or $(SECONDS),20)

$(B)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,FUZZ-CC,$<)$(CLANG) $(ALL_CFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,address,undefined \
		-DTEST_BPF_DIR='"$(abspath $(B))/tests/bpf"' -c -o $@ $<

# Objects that no source of a folder stands for hold data; they are taken as they are.
$(B)/fuzz/layers.a: $(FUZZ_LAYERS) $(B)/fuzz/obj/tests/oracle/judge.o $(filter-out $(LAYER_OBJS),$(sort $(TARGET_OBJS) $(BTFPACK_OBJS)))
	$(call say,AR,$@)rm -f $@ && $(AR) qcs $@ $^

$(B)/fuzz/%: $(B)/fuzz/obj/tests/fuzz/%.o $(B)/fuzz/layers.a
	$(call say,LINK,$@)$(CLANG) $(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $^ \
		$(LIBBPF_A) $(filter-out -lbpf,$(sort $(TARGET_LIBS) $(BUILD_LIBS)))

fuzz-programs: $(addprefix $(B)/fuzz/,$(FUZZ_NAMES)) oracle $(BPF_TEST_OBJS)

fuzz: fuzz-programs ## run the fuzz targets, SECONDS=20 each
	@B=$(B) tests/fuzz/run.sh $(SECONDS_EACH) $(FUZZ_NAMES)

# An object as large as the largest that are shipped, for benchmarks.
$(B)/tests/bench/large.bpf.o: tests/bench/large.sh tests/bench/large.awk $(B)/bpf/vmlinux.h
	@mkdir -p $(@D)
	$(call say,BPF,$@)B=$(B) CC="$(CC)" CLANG="$(CLANG)" LLVM_STRIP="$(LLVM_STRIP)" $< $@

# The same figures from an archive worth measuring: ARCHIVE=DIR, RUNS=5, BPFTOOL=FILE.
$(B)/tests/bench/objects: $(B)/tests/oracle/cutbpf tests/oracle/objects.sh
	$(call say,CUT,$@)rm -rf $@ && tests/oracle/objects.sh $< $@ >/dev/null

bench: all $(BENCH_PROGRAMS) $(B)/tests/bench/large.bpf.o $(B)/tests/bench/objects ## figures, beside the peers' in one run
	@export B=$(B); cut=$(B)/tests/bench/objects; all=$$(echo $$cut/*.bpf.o | tr ' ' ','); \
	exec=$$(echo $$cut/execsnoop*.bpf.o | cut -d' ' -f1); \
	set -- execsnoop:10=$$exec tools:60=$$all large:60=$(B)/tests/bench/large.bpf.o \
		proctrace=$(B)/bpf/proctrace.bpf.o; \
	tests/bench/reduce.sh $(ARCHIVE) "$$@" && echo && \
	tests/bench/sources.sh $(ARCHIVE) $(B)/tests/bench/large.bpf.o && echo && \
	tests/bench/density.sh $(ARCHIVE) "$$@" && echo && \
	tests/bench/install.sh $(ARCHIVE) $(B)/bpf/proctrace.bpf.o && echo && \
	tests/bench/nearest.sh $(ARCHIVE) $$exec $(B)/bpf/proctrace.bpf.o && echo && \
	tests/bench/events.sh && echo && \
	tests/bench/kernel.sh && echo && \
	tests/bench/page.sh $(ARCHIVE) $(B)/bpf/proctrace.ini && echo && \
	tests/bench/build.sh "$$(cat "$$(tests/vm/kernels.sh get 6.1-cloud)/release")"

soak: all oracle faults fuzz-programs power-programs $(B)/tests/bench/large.bpf.o ## random trials, RUNS=1000000 inputs a fuzzer, KILLS=200 power cuts, then `make judge`: hours
	@B=$(B) $(if $(KILLS),KILLS=$(KILLS)) tests/soak.sh $(or $(RUNS),1000000) $(ARCHIVE)

judge: all oracle $(B)/tests/bench/large.bpf.o ## libbpf judges the reduction of every kernel of ARCHIVE=DIR
	@B=$(B) tests/oracle/corpus.sh $(ARCHIVE)

# Of programs that are looked at, not tested: never sanitized, since they are static.
PLAIN_CFLAGS = $(filter-out -fsanitize=% -fno-sanitize-recover=%,$(ALL_CFLAGS))

include tests/truth/rules.mk tests/faults/rules.mk tests/vm/rules.mk tests/proctrace/rules.mk tests/sandbox/rules.mk

# `make test FAST=1` leaves out the repetition with sanitizers.
test-programs: all unit oracle truth faults vm power-programs

test: test-programs fuzz-programs ## run all tests; FAST=1 without the sanitizers
	+@B=$(B) MAKE="$(MAKE)" FAST=$(FAST) tests/run.sh

lint: export CC := $(CC)
lint: export CLANG := $(CLANG)
lint: export FLAGS = $(filter-out -MMD -MP,$(ALL_CFLAGS))
lint: ## what compilers and checkers have to say, and the layers
	@tests/lint.sh

-include $(patsubst tests/unit/%.c,$(B)/obj/tests/unit/%.d,$(UNIT_SRCS))
-include $(patsubst tests/oracle/%.c,$(B)/obj/tests/oracle/%.d,$(wildcard tests/oracle/*.c))
-include $(patsubst $(B)/%.o,$(B)/%.d,$(FUZZ_LAYERS)) $(FUZZ_NAMES:%=$(B)/fuzz/obj/tests/fuzz/%.d)

.PHONY: bench unit oracle fuzz fuzz-programs judge soak test-programs test lint
.SECONDARY: $(UNIT_SRCS:%.c=$(B)/obj/%.o) $(FUZZ_NAMES:%=$(B)/fuzz/obj/tests/fuzz/%.o)

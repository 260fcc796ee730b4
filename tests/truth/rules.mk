# SPDX-License-Identifier: BSD-2-Clause
# What tests/truth/run.sh needs: the loader, the seccomp filter and the objects to be judged.

TRUTH          := $(B)/tests/truth
TRUTH_PROGRAMS := $(TRUTH)/load $(TRUTH)/deny
TRUTH_SUBJECTS := $(patsubst tests/truth/objects/%.bpf.c,$(TRUTH)/objects/%.bpf.o, \
                    $(sort $(wildcard tests/truth/objects/*.bpf.c)))
TRUTH_WRONG    := $(addprefix $(TRUTH)/objects/,wrong_machine.bpf.o truncated.bpf.o empty.bpf.o text.bpf.o)

truth: all $(TRUTH_PROGRAMS) $(TRUTH_SUBJECTS) $(TRUTH_WRONG) $(TRUTH)/tools ## build what checks `check` against really loading

$(TRUTH)/load: $(patsubst %,$(B)/obj/tests/truth/%.o,load attach events)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ -lbpf

$(TRUTH)/deny: $(B)/obj/tests/truth/deny.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^

# The exceptions: no debug information, the other byte order.
$(TRUTH)/objects/without_btf.bpf.o: SUBJECT_FLAGS := -g0
$(TRUTH)/objects/big_endian.bpf.o: SUBJECT_FLAGS := -target bpfeb

$(TRUTH)/objects/%.bpf.o: tests/truth/objects/%.bpf.c tests/truth/objects/subject.h $(B)/bpf/vmlinux.h
	@mkdir -p $(@D)
	$(call say,BPF,$@)$(CLANG) $(BPF_CFLAGS) $(SUBJECT_FLAGS) -I$(B)/bpf -c -o $@ $< && $(LLVM_STRIP) -g $@

$(TRUTH)/objects/wrong_machine.bpf.o:
	@mkdir -p $(@D)
	$(call say,CC,$@)echo 'int on_exec;' | $(CC) -x c -c -o $@ -

$(TRUTH)/objects/truncated.bpf.o: $(TRUTH)/objects/core.bpf.o
	$(call say,CUT,$@)head -c 3000 $< >$@

$(TRUTH)/objects/empty.bpf.o:
	@mkdir -p $(@D)
	@: >$@

$(TRUTH)/objects/text.bpf.o:
	@mkdir -p $(@D)
	@echo 'no object at all' >$@

# Objects of third parties: all that Debian's libbpf-tools carry.
$(TRUTH)/tools: $(B)/tests/oracle/cutbpf tests/oracle/objects.sh
	$(call say,CUT,$@)rm -rf $@ && tests/oracle/objects.sh $< $@ >/dev/null

-include $(patsubst %,$(B)/obj/tests/truth/%.d,load attach events deny)

truth-vm: truth ## `check` against really loading, in kernels under QEMU: KERNELS="bzImage..."
	@B=$(B) tests/truth/vm.sh $(KERNELS)

# One of the objects is what a check is measured with.
bench: bench-check
bench-check: $(B)/bin/btferry $(TRUTH)/objects/ten.bpf.o
	@B=$(B) tests/bench/check.sh $(TRUTH)/objects/ten.bpf.o

.PHONY: truth truth-vm bench-check

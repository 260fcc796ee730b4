# SPDX-License-Identifier: BSD-2-Clause
# Real kernels under QEMU: tests/vm/matrix.sh and tests/vm/power.sh have the story.

VM := $(B)/tests/vm

# What runs in guests is static: there is nothing but busybox beside it.
VM_PROGRAMS := $(addprefix $(VM)/,load watch really_load without)
VM_BPF_OBJS := $(patsubst tests/vm/bpf/%.bpf.c,$(VM)/bpf/%.bpf.o,$(sort $(wildcard tests/vm/bpf/*.bpf.c)))

# One object for each thing that needs the kernel's own BTF, and those of third parties.
VM_SUBJECTS := $(patsubst %,$(TRUTH)/objects/%.bpf.o,fentry tp_btf lsm iter struct_ops ksym_typed \
                 ksym_typed_weak kfunc kfunc_weak helper_btf task_storage)

# Objects are the same for guests of every architecture.
vm: $(VM_PROGRAMS) $(if $(CROSS),,$(VM)/shift_btf $(VM_BPF_OBJS) $(BPF_TEST_OBJS) $(VM_SUBJECTS) $(TRUTH)/tools)

$(VM)/load $(VM)/without $(VM)/cut: $(VM)/%: tests/vm/%.c | $(SYSROOT_READY)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(PLAIN_CFLAGS) -static -o $@ $<

unit: $(VM)/load

$(VM)/watch: tests/vm/watch.c | $(SYSROOT_READY)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_CFLAGS) -static -o $@ $< $(TARGET_LIBS)

$(VM)/shift_btf: tests/vm/shift_btf.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_CFLAGS) -o $@ $< -lbpf

# The loader that tells the truth about objects.
$(VM)/really_load: $(patsubst %,$(B)/obj/tests/truth/%.o,load attach events)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(STATIC_LDFLAGS) -static -o $@ $^ $(TARGET_LIBS)

$(VM)/bpf/%.bpf.o: tests/vm/bpf/%.bpf.c $(B)/bpf/vmlinux.h
	$(compile_bpf)

# An installer that leaves syncs out, which a power cut must show.
$(VM)/btferry-unsynced: $(TARGET_OBJS) $(B)/obj/installer/main.o $(B)/obj/tests/vm/unsynced.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(STATIC_LDFLAGS) -static -Wl,--wrap=fsync -o $@ $^ $(TARGET_LIBS)

power-programs: $(VM)/cut $(VM)/btferry-unsynced

vmtest: all vm power-programs ## boot real kernels under QEMU and run proctrace in them; KERNEL=NAME... for some of them
	+@B=$(B) MAKE="$(MAKE)" tests/vm/matrix.sh $(KERNEL)
	$(if $(KERNEL),,@B=$(B) tests/vm/power.sh)

power: all power-programs ## KILLS=10 times cut the power in the middle of an install, under QEMU; SEED=N again
	@B=$(B) $(if $(SEED),SEED=$(SEED)) tests/vm/power.sh $(KILLS)

-include $(wildcard $(VM)/*.d $(VM)/bpf/*.d) $(B)/obj/tests/vm/unsynced.d

.PHONY: vm vmtest power power-programs

# SPDX-License-Identifier: BSD-2-Clause
# Real kernels under QEMU: tests/vm/matrix.sh has the story.

vm: $(B)/tests/vm/load $(BPF_TEST_OBJS)

$(B)/tests/vm/%: tests/vm/%.c | $(SYSROOT_READY)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_CFLAGS) -static -o $@ $<

vmtest: all vm ## boot real kernels under QEMU and run proctrace in them; KERNEL=NAME... for some of them
	+@for arch in $(filter-out $(HOST_ARCH),arm64 i386); do \
		$(MAKE) --no-print-directory ARCH=$$arch B=$(B)/$$arch HOST_B=$(B) all vm || exit; done
	@B=$(B) tests/vm/matrix.sh $(KERNEL)

-include $(wildcard $(B)/tests/vm/*.d)

.PHONY: vm vmtest

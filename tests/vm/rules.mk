# SPDX-License-Identifier: BSD-2-Clause
# Real kernels under QEMU: tests/vm/matrix.sh has the story.

vm: $(B)/tests/vm/load $(B)/tests/vm/cut $(B)/tests/vm/btferry-unsynced

$(B)/tests/vm/%: tests/vm/%.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_CFLAGS) -static -o $@ $<

# An installer that leaves syncs out, which a power cut must show.
$(B)/tests/vm/btferry-unsynced: $(TARGET_OBJS) $(B)/obj/installer/main.o $(B)/obj/tests/vm/unsynced.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(LDFLAGS) -static -Wl,--wrap=fsync -o $@ $^ $(TARGET_LIBS)

vmtest: all vm ## boot real kernels under QEMU and run proctrace in them; KERNEL=NAME... for some of them
	@B=$(B) tests/vm/matrix.sh $(KERNEL)

-include $(wildcard $(B)/tests/vm/*.d)

.PHONY: vm vmtest

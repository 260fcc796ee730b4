# SPDX-License-Identifier: BSD-2-Clause
# What proctrace's tests do to be seen.  Static, for guests that have no library, and never sanitized: it is
# what is looked at, not what is tested.

ACT := $(B)/tests/proctrace/act

$(ACT): $(sort $(wildcard tests/proctrace/*.c)) tests/proctrace/act.h | $(SYSROOT_READY)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(filter-out -MMD -MP,$(PLAIN_CFLAGS)) -static -o $@ $(filter %.c,$^)

unit vm: $(ACT)

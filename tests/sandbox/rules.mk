# SPDX-License-Identifier: BSD-2-Clause
# What tries to get out of a run's sandbox: linked with the target program's objects, shipped with
# none.  Static, so that it runs in guests as well.

PROBE_OBJS := $(patsubst %,$(B)/obj/tests/sandbox/%.o,probe tries)

$(B)/tests/sandbox/probe: $(PROBE_OBJS) $(TARGET_OBJS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(if $(SANITIZE),$(ALL_LDFLAGS) -pie,$(STATIC_LDFLAGS) -static) -o $@ $^ \
		$(TARGET_LIBS)

unit vm: $(B)/tests/sandbox/probe

-include $(PROBE_OBJS:.o=.d)

# Tests.  tests/unit/FOLDER_SUBJECT.c is one cmocka program; it links what FOLDER may see.

UNIT_SRCS  := $(sort $(wildcard tests/unit/*.c))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/%,$(UNIT_SRCS))

UNIT_OBJS_lib       := $(call obj,lib)
UNIT_OBJS_core      := $(UNIT_OBJS_lib) $(call obj,core)
UNIT_OBJS_payload   := $(UNIT_OBJS_core) $(call obj,payload)
UNIT_OBJS_host      := $(UNIT_OBJS_payload) $(call obj,host)
UNIT_OBJS_decide    := $(UNIT_OBJS_host) $(call obj,decide)
UNIT_OBJS_btfpack   := $(BTFPACK_OBJS)
UNIT_OBJS_checker   := $(TARGET_OBJS)
UNIT_OBJS_runtime   := $(TARGET_OBJS)
UNIT_OBJS_installer := $(TARGET_OBJS)
unit_objs = $(UNIT_OBJS_$(firstword $(subst _, ,$(1))))

.SECONDEXPANSION:
$(B)/tests/%: $(B)/obj/tests/unit/%.o $$(call unit_objs,$$*)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^ -lcmocka $(sort $(TARGET_LIBS) $(BUILD_LIBS))

unit: $(UNIT_TESTS) ## build the unit tests

-include $(patsubst tests/unit/%.c,$(B)/obj/tests/unit/%.d,$(UNIT_SRCS))

.PHONY: unit

# SPDX-License-Identifier: BSD-2-Clause
# Installs and uninstalls that are disturbed at every step; tests/faults/run.sh runs them.

FAULTS := $(B)/tests/faults/faults
FAULTS_OBJS := $(patsubst %,$(B)/obj/tests/faults/%.o,fs tracer replay state run judge sweep)

$(FAULTS): $(FAULTS_OBJS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^

# A publication that is none: it writes into the generation that is current.  And reading that does
# not look at errors.
FAULTS_PRELOADED := $(addprefix $(B)/tests/faults/,in_place.so swallow.so)
$(FAULTS_PRELOADED): $(B)/tests/faults/%.so: tests/faults/%.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -fPIC -shared -o $@ $<

faults: $(FAULTS) $(FAULTS_PRELOADED) $(B)/tests/bpf/runtime/covered.bpf.o ## build what disturbs installs

-include $(FAULTS_OBJS:.o=.d)
.PHONY: faults

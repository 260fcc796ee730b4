# SPDX-License-Identifier: BSD-2-Clause
# Installs and uninstalls that are disturbed at every step; tests/faults/run.sh runs them.

FAULTS := $(B)/tests/faults/faults
FAULTS_OBJS := $(patsubst %,$(B)/obj/tests/faults/%.o,fs tracer replay state run sweep)

$(FAULTS): $(FAULTS_OBJS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(ALL_LDFLAGS) -pie -o $@ $^

# A publication that is none: it writes into the generation that is current.
$(B)/tests/faults/in_place.so: tests/faults/in_place.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -fPIC -shared -o $@ $<

faults: $(FAULTS) $(B)/tests/faults/in_place.so $(B)/tests/bpf/runtime/covered.bpf.o ## build what disturbs installs

-include $(FAULTS_OBJS:.o=.d)
.PHONY: faults

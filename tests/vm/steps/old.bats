#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause

load ../judge

# By what is known of these kernels, and not by what check found.
has_ringbuf() { [[ $KERNEL != *noringbuf* ]]; }
counts_memlock() { [[ $RELEASE = 5.10.* ]]; }

@test "old: check says how events will come, and run does so by itself" {
	status_is install 0
	status_is check 0
	matches_schema check-json.out
	if has_ringbuf; then
		[ "$(jq -r .facts.probes.ringbuf.answer check-json.out)" = yes ]
		says check.out "through the ring buffer"
		[ "$(jq -r .plan.events check-json.out)" = ring_buffer ]
		says auto.err "events through the ring buffer"
	else
		[ "$(jq -r .facts.probes.ringbuf.answer check-json.out)" = no ]
		says check.out "through the perf buffer: this kernel has no ring buffer"
		[ "$(jq -r .plan.events check-json.out)" = perf_buffer ]
		says auto.err "events through the perf buffer"
	fi
	accounted auto
}

@test "old: the perf buffer gives the same events, none of them lost" {
	says perf.err "events through the perf buffer"
	accounted perf
}

@test "old: root under a low RLIMIT_MEMLOCK runs it all the same" {
	status_is low-check 0
	accounted low
}

@test "old: who may not raise RLIMIT_MEMLOCK is told so where it counts, and what to do" {
	if counts_memlock; then
		status_is bound-check 4
		says bound-check.out "RLIMIT_MEMLOCK, which is 65536 bytes, and this process may not raise it"
		says bound-check.out "LimitMEMLOCK=infinity"
		status_is bound-run 4
		says bound-run.err "RLIMIT_MEMLOCK, which is 65536 bytes, and this process may not raise it"
		says bound-run.err "LimitMEMLOCK=infinity"
	else
		status_is bound-check 0
		status_is bound-run 0
	fi
}

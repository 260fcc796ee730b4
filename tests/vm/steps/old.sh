# SPDX-License-Identifier: BSD-2-Clause
# for: 5.10-noringbuf 5.10-nobtf 5.10-686 5.10-cloud 7-cloud
#
# What kernels did not always have: the ring buffer (5.8), and BPF's memory outside of
# RLIMIT_MEMLOCK (5.11).  Those that lack one, and the newest.
low() { # COMMAND...: with less than one map of proctrace's takes
	ulimit -l 64 && exec "$@"
}
bound() { # COMMAND...: the same, and without CAP_SYS_RESOURCE nobody gets more
	ulimit -l 64 && exec /kit/without 24 "$@"
}
record install "$app" install
record check "$app" check
record check-json "$app" check --json
trace auto "$app" run
trace perf "$app" run --events perf
record low-check low "$app" check
trace low low "$app" run
record bound-check bound "$app" check
record bound-run bound "$app" run --duration 1
record uninstall "$app" uninstall

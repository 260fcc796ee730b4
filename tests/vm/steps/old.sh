# SPDX-License-Identifier: BSD-2-Clause
# for: every kernel
#
# What kernels did not always have: the ring buffer (5.8), and BPF's memory outside of RLIMIT_MEMLOCK
# (5.11).
record install "$app" install
trace perf "$app" run --events perf

# 64 KiB are less than one map of proctrace's; nobody without CAP_SYS_RESOURCE gets more.
low='ulimit -l 64 && exec "$@"' bound='ulimit -l 64 && exec /kit/without 24 "$@"'
record low-check sh -c "$low" sh "$app" check
trace low-run sh -c "$low" sh "$app" run
record bound-check sh -c "$bound" sh "$app" check
record bound-json sh -c "$bound" sh "$app" check --json
record bound-run sh -c "$bound" sh "$app" run --duration 1
record uninstall "$app" uninstall

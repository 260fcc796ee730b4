# SPDX-License-Identifier: BSD-2-Clause
# for: kernels with BTF
#
# The kernel has BTF, and what looks for it finds none: /sys/kernel/btf is covered by an empty
# folder, as in some containers, or /sys is not mounted.
acts=4

without_sys() { exec unshare -m sh -c 'umount -l /sys && exec "$@"' sh "$@"; }

record check without_btf "$app" check
record check-json without_btf "$app" check --json

# Installed with the kernel's own, which then is gone.
record exposed-install "$app" install
record gone without_btf "$app" run --duration 1
record gone-status without_btf "$app" status
record gone-path without_btf "$app" path btf
record gone-unmounted without_sys "$app" run --duration 1
record install without_btf "$app" install
record status without_btf "$app" status
trace run without_btf "$app" run
record exposed "$app" run --dry-run

# A program that needs the kernel's own.
record fentry-check without_btf "$app" check --object /kit/objects/told_fentry.bpf.o
record fentry without_btf "$app" run --duration 1 --object /kit/objects/told_fentry.bpf.o

record unmounted-check without_sys "$app" check
record unmounted-check-json without_sys "$app" check --json
trace unmounted without_sys "$app" run
record unmounted-fentry-check without_sys "$app" check --object /kit/objects/told_fentry.bpf.o
record unmounted-fentry without_sys "$app" run --duration 1 --object /kit/objects/told_fentry.bpf.o
record uninstall "$app" uninstall

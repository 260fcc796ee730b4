// SPDX-License-Identifier: BSD-2-Clause
/* A ksyscall: a kprobe whose function libbpf finds by the name of the system call. */
#include "subject.h"

NOTHING("ksyscall/nanosleep", on_nanosleep)

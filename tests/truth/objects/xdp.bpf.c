// SPDX-License-Identifier: BSD-2-Clause
/* An XDP program: its loader names the device. */
#include "subject.h"

PASS("xdp", pass, XDP_PASS)

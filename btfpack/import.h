/* SPDX-License-Identifier: BSD-2-Clause */
/* `btfpack import`: gets the BTF of kernels into an archive. */
#ifndef BTFPACK_IMPORT_H
#define BTFPACK_IMPORT_H

#include "lib/error.h"

/* argv[0] is the command's name; returns the exit code of the program. */
enum exit_status import_command(int argc, char **argv);

#endif

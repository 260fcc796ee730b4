/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands of btfpack; argv[0] is the command's name.  import has a header of its own. */
#ifndef BTFPACK_COMMANDS_H
#define BTFPACK_COMMANDS_H

#include "lib/error.h"

enum exit_status reduce_command(int argc, char **argv);
enum exit_status build_command(int argc, char **argv);
enum exit_status package_command(int argc, char **argv);
enum exit_status sign_command(int argc, char **argv);
enum exit_status merge_command(int argc, char **argv);
enum exit_status coverage_command(int argc, char **argv);
enum exit_status list_command(int argc, char **argv);
enum exit_status info_command(int argc, char **argv);
enum exit_status verify_command(int argc, char **argv);
enum exit_status extract_command(int argc, char **argv);

#endif

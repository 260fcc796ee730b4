/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel whose typedef ends at a type that is declared and nowhere defined. */
struct hidden;
typedef struct hidden *handle_t;

handle_t handle;

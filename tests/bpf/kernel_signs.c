/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel whose signs matter: of an enum, and of the elements of an array. */
enum rank { RANK_LOW = 1, RANK_HIGH = 2 };
struct signs {
	int numbers[4];
	enum rank rank : 4;
};

struct signs signs;

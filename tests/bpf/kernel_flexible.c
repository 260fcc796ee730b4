/* SPDX-License-Identifier: BSD-2-Clause */
/* A kernel with an array of no elements in the middle of a struct, and one at the end. */
struct middle {
	int head;
	int array[0];
	int tail;
};
struct last {
	int head;
	int array[];
};

struct middle middle;
struct last last;

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OSTree keeps several system trees beside each other: the one that runs, those before, and the one
 * that boots next, each with the modules of its kernel.  The state below /var is one for all.
 */
#ifndef HOST_DEPLOYMENTS_H
#define HOST_DEPLOYMENTS_H

/*
 * Calls visit for each, with its folder below the root and without a leading slash, until that
 * returns other than 0.  A folder that cannot be read is a negative errno; that there is no OSTree
 * is none.
 */
int deployments_each(int root_fd, int (*visit)(const char *path, void *context), void *context);

#endif

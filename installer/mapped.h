/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The payload is mapped, so a disk that fails, and a file that is cut short while it is in use,
 * come as SIGBUS and not as an error.  Here that ends the program as an error would: it is told,
 * with the exit status of one.
 */
#ifndef INSTALLER_MAPPED_H
#define INSTALLER_MAPPED_H

/* From now on a SIGBUS is told as the failure of the file of this name. */
void mapped_expect(const char *name);

#endif

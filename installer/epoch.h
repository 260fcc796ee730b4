/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The highest epoch of a signed payload that was ever installed here (payload/statement.h), in
 * /var/lib/APP/epoch.json: outside of the generations, so that no rollback takes it back, and left
 * behind by an uninstall.  Who offers an old payload, with its good signature, or one without, is
 * refused; an administrator can still ask for it (--allow-older, rollback).
 */
#ifndef INSTALLER_EPOCH_H
#define INSTALLER_EPOCH_H

#include "decide/admission.h"
#include "lib/array.h"

#include "installer/state.h"

/*
 * 0: a payload with this signature may be published, and the text that epoch.json gets with it is
 * appended to *text (nothing where what is there holds on; NULL: nobody wants it); -EKEYREJECTED:
 * something newer was, or a signed one, unless allow_older; -EBADMSG: epoch.json is damaged.  Where
 * signatures are not looked at, all may.
 */
int epoch_check(const struct state *state, const struct signature_facts *signature,
		bool allow_older, struct buffer *text, struct error *err);

#endif

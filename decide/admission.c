/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "decide/admission.h"

#define TRUSTED "/etc/btferry/trusted.d"

static const char *const NAMES[] = {
	[SIGNATURE_UNSEEN] = "not looked at",
	[SIGNATURE_NONE] = "none",
	[SIGNATURE_UNKNOWN_KEY] = "of an unknown key",
	[SIGNATURE_BAD] = "bad",
	[SIGNATURE_GOOD] = "good",
};

const char *signature_state_name(enum signature_state state)
{
	return NAMES[state];
}

__attribute__((format(printf, 2, 3)))
static struct admission answer(bool is_admitted, const char *format, ...)
{
	struct admission out = { .is_admitted = is_admitted };
	va_list args;

	va_start(args, format);
	vsnprintf(out.reason, sizeof(out.reason), format, args);
	va_end(args);
	return out;
}

int admission_result(const struct admission *admission, struct error *err)
{
	return admission->is_admitted ? 0 : error_set(err, -EKEYREJECTED, "%s", admission->reason);
}

struct admission admission_decide(const struct trust *trust, const struct signature_facts *facts,
				  const char *name)
{
	const bool is_required = trust->policy == TRUST_REQUIRE;
	char id[MINISIGN_ID_TEXT];

	switch (facts->state) {
	case SIGNATURE_GOOD:
		return (struct admission){ .is_admitted = true };
	case SIGNATURE_BAD:
		return answer(false, "%s: its signature by %s does not hold: the file was changed, or is "
			      "damaged: get it again from where it comes from", name, facts->key_path);
	case SIGNATURE_NONE:
		if (is_required && facts->is_kept)
			return answer(false, "%s: is not signed, and the policy here is require "
				      "(/etc/btferry/btferry.conf): install it again, signed", name);
		if (is_required)
			return answer(false, "%s: is not signed, and the policy here is require "
				      "(/etc/btferry/btferry.conf): get it with its signature, %s" MINISIGN_SUFFIX,
				      name, name);
		return answer(true, "%s: is not signed, so nobody can tell who made it", name);
	case SIGNATURE_UNKNOWN_KEY:
		minisign_id_text(facts->id, id);
		if (is_required)
			return answer(false, "%s: is signed by key %s, which is not in " TRUSTED ": if you "
				      "trust it, put its .pub file there", name, id);
		return answer(true, "%s: is signed by key %s, which is not in " TRUSTED ": the signature "
			      "was not verified", name, id);
	case SIGNATURE_UNSEEN:
		break;
	}
	return (struct admission){ .is_admitted = trust->policy == TRUST_OFF };
}

static bool is_trusted(const struct trust *trust, const char *key)
{
	char id[MINISIGN_ID_TEXT];
	size_t i;

	for (i = 0; i < trust->count; i++)
		if (strcmp(minisign_id_text(trust->keys[i].key.id, id), key) == 0)
			return true;
	return false;
}

struct admission admission_again(const struct trust *trust, const char *key, const char *name,
				 const char *remedy)
{
	if (trust->policy != TRUST_REQUIRE)
		return (struct admission){ .is_admitted = true };
	if (!key)
		return answer(false, "%s: was installed without a signature that verified, and the policy "
			      "here is require (/etc/btferry/btferry.conf): %s", name, remedy);
	if (!is_trusted(trust, key))
		return answer(false, "%s: was signed by key %s, which is not in " TRUSTED " any more: %s",
			      name, key, remedy);
	return (struct admission){ .is_admitted = true };
}

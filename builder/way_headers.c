/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "builder/workplace.h"

/*
 * What is incomplete stays in the product: the canary can be asked with it when the object is
 * compiled against the same headers.
 */
void way_headers(struct workplace *place, struct build_attempt *attempt,
		 struct build_product *product)
{
	const struct build_request *request = place->request;
	struct error problem = ERROR_NONE;
	struct buffer reduced = { 0 };
	int code;

	if (find_tools(place, attempt))
		return;
	code = types_of_headers(place, attempt, &product->btf, &problem);
	if (!code)
		code = build_reduce(request->objects, request->object_count,
				    buffer_slice(&product->btf), true, &reduced, &attempt->unresolved,
				    &problem);
	buffer_free(&reduced);
	if (!code)
		code = ask_canary(request, buffer_slice(&product->btf), true, attempt, &problem);
	if (code && code != -ENODATA)
		buffer_free(&product->btf);
	way_ends(attempt, code == -ENODATA ? BUILD_INCOMPLETE :
		 code == -ESTALE ? BUILD_FAILED : outcome_of(code), &problem);
}

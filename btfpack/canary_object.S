/* SPDX-License-Identifier: BSD-2-Clause */
/* CANARY_OBJECT is the path of the compiled canary; the Makefile defines it. */
	.section .rodata
	.global canary_object_start, canary_object_end
	.balign 8
canary_object_start:
	.incbin CANARY_OBJECT
canary_object_end:
	.byte 0
	.section .note.GNU-stack, "", %progbits

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that packages are filled in from.  TEMPLATE_LIST, which the Makefile writes, has a line
 * `template NAME, FILE` for each.  The table holds distances, so that nothing
 * has to be relocated.
 */
	.macro template name, file
	.section .rodata.texts, "a", %progbits
1:	.asciz "\name"
2:	.incbin "\file"
3:	.byte 0
	.section .rodata.templates, "a", %progbits
	.long 1b - ., 2b - ., 3b - .
	.endm

	.section .rodata.templates, "a", %progbits
	.global templates_start, templates_end
	.balign 4
templates_start:
	.include TEMPLATE_LIST
	.section .rodata.templates, "a", %progbits
templates_end:
	.long 0
	.section .note.GNU-stack, "", %progbits

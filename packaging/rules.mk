# SPDX-License-Identifier: BSD-2-Clause
# What goes around the programs: real kernels' BTF to pack, and packages.

# KERNELS: a number, or kernel releases (uname -r); 12 by default.
KERNELS ?=

corpus: $(B)/bin/btfpack ## fetch real Debian kernels into build/corpus/archive (KERNELS="...")
	$(Q)packaging/corpus.sh $(B)/bin/btfpack $(B)/corpus $(KERNELS)

.PHONY: corpus

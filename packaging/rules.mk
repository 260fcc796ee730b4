# SPDX-License-Identifier: BSD-2-Clause
# What goes around the programs: real kernels' BTF to pack, and packages.

# KERNELS: a number, or kernel releases (uname -r); 12 by default.
KERNELS ?=

corpus: $(B)/bin/btfpack ## fetch real Debian kernels into build/corpus/archive (KERNELS="...")
	$(Q)packaging/corpus.sh $(B)/bin/btfpack $(B)/corpus $(KERNELS)

.PHONY: corpus

# What `make install` puts beside the programs: their pages and completions.  The target program has the
# templates that packages fill in for an application.
INSTALLED_MAN := $(patsubst packaging/man/%,$(B)/man/%,$(sort $(wildcard packaging/man/*.[1-9]))) $(B)/man/btferry.8
INSTALLED_COMPLETIONS := $(foreach p,btfpack btferry,$(B)/completions/$(p).bash $(B)/completions/$(p).zsh)

page = sed -e "s/@DATE@/$$(date -u -d @$(SOURCE_DATE_EPOCH) +%F)/" -e 's/@VERSION@/$(VERSION)/g'

$(B)/man/%: packaging/man/% Makefile
	@mkdir -p $(@D)
	$(call say,MAN,$@)$(page) $< >$@

$(B)/man/btferry.8: packaging/templates/man packaging/man/btferry.description Makefile
	@mkdir -p $(@D)
	$(call say,MAN,$@)$(page) -e 's/@PROGRAM@/btferry/g; s/@APP@/APP/g; 1d' \
		-e 's/@SUMMARY@/check, install and run a packed CO-RE BPF application/' \
		-e '/^@DESCRIPTION@$$/{r packaging/man/btferry.description' -e 'd}' $< >$@

$(B)/completions/btfpack.% $(B)/completions/btferry.%: packaging/templates/completion.% packaging/templates/help.awk
	@mkdir -p $(@D)
	$(call say,FILL,$(@D))for program in btfpack btferry; do \
		sed -e "s/@PROGRAM@/$$program/g" -e '/^@HELP_READER@$$/{r packaging/templates/help.awk' -e 'd}' \
			$< >$(@D)/$$program.$* || exit; done

# Where each kind goes, below DESTDIR.
MANDIR  := $(PREFIX)/share/man
BASHDIR := $(PREFIX)/share/bash-completion/completions
ZSHDIR  := $(PREFIX)/share/zsh/site-functions

install-documents: $(INSTALLED_MAN) $(INSTALLED_COMPLETIONS)
	for page in $(INSTALLED_MAN); do \
		install -D -m 644 "$$page" "$(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}" || exit; done
	for program in btfpack btferry; do \
		install -D -m 644 $(B)/completions/$$program.bash "$(DESTDIR)$(BASHDIR)/$$program" && \
		install -D -m 644 $(B)/completions/$$program.zsh "$(DESTDIR)$(ZSHDIR)/_$$program" || exit; done

documents: $(INSTALLED_MAN) $(INSTALLED_COMPLETIONS) ## the programs' man pages and completions

.PHONY: documents install-documents

# SPDX-License-Identifier: BSD-2-Clause
# What zsh makes of command lines when Tab is typed behind them: completion.zsh FOLDER LINE..., one
# line of output for each.  FOLDER has the completions.  Exit status 77: there is no terminal to be had.
zmodload zsh/zpty || exit 77
folder=$1
shift
zpty terminal zsh -f -i || exit 77
# Typing ahead is in order: a terminal keeps it.
zpty -w terminal "fpath=($folder \$fpath); autoload -Uz compinit; compinit -u -D; PS1=; unsetopt beep"
zpty -w terminal "told() { print -r -- \$BUFFER >>told; BUFFER= }; zle -N told; bindkey '^T' told"
zpty -w terminal ": >told"
until [[ -e told ]]; do
	zpty -r -t terminal said || sleep 0.05
done
count=0
for line; do
	zpty -w -n terminal "$line"$'\t\x14'
	((++count))
	for ((i = 0; i < 200; i++)); do
		(( $(wc -l <told) < count )) || break
		zpty -r -t terminal said || sleep 0.05
	done
done
zpty -d terminal
cat told

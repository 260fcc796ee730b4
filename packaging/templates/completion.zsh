#compdef @PROGRAM@
# zsh completion for @PROGRAM@.  Commands, options and what may stand behind them are asked of the
# program itself.
_@PROGRAM@_ask() { # PROGRAM COMMAND OPTION
	"$1" "$2" --help 2>/dev/null | awk -v option="$3" '
@HELP_READER@
'
}

_@PROGRAM@() {
	local program=${~words[1]} command=$words[2] before=$words[CURRENT-1] sorts= sort rest
	local -a found

	if (( CURRENT == 2 )); then
		found=(${(f)"$($program help 2>/dev/null |
			sed -n 's/:/\\:/g; s/^  \([a-z][a-z-]*\)  *\(.*\)/\1:\2/p')"})
		_describe command found
		return
	elif [[ $words[CURRENT] == -*=* ]]; then
		before=${words[CURRENT]%%=*}
		compset -P '*='
	elif [[ $words[CURRENT] == -* ]]; then
		found=(${(f)"$($program $command --help 2>/dev/null |
			sed -n 's/:/\\:/g; s/^ *-., /  /; s/^  *\(--[a-z-]*\)[^ ]* *\(.*\)/\1:\2/p')"})
		_describe -o option found
		return
	fi
	[[ $before != -* ]] || sorts=$(_@PROGRAM@_ask $program $command $before)
	[[ -n $sorts ]] || sorts=$(_@PROGRAM@_ask $program $command '')
	while read -r sort rest; do
		case $sort in
		(words) compadd -- ${=rest} ;;
		(kernels) compadd -- /lib/modules/*(N:t) ;;
		(folders) _files -/ ;;
		(files) _files -g "*$rest" ;;
		esac
	done <<<$sorts
}

_@PROGRAM@ "$@"

# bash completion for @PROGRAM@.  Commands, options and what may stand behind them are asked of the
# program itself.
_@PROGRAM@_ask() { # PROGRAM COMMAND OPTION
	"$1" "$2" --help 2>/dev/null | awk -v option="$3" '
@HELP_READER@
'
}

_@PROGRAM@_found() { # CURRENT: what the lines of standard input stand for
	local sort rest
	while read -r sort rest; do
		case $sort in
		words) compgen -W "$rest" -- "$1" ;;
		kernels) compgen -W "$(ls /lib/modules 2>/dev/null)" -- "$1" ;;
		folders) compgen -d -- "$1" ;;
		files) compgen -f -X "!*$rest" -- "$1"; compgen -d -- "$1" ;;
		esac
	done | sort -u
}

_@PROGRAM@() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} words sorts=

	COMPREPLY=()
	# --option=value is three words.
	[ "$current" != = ] || current='' before="$before ="
	[[ $before != = ]] || before="${COMP_WORDS[COMP_CWORD - 2]} ="
	if [ "$COMP_CWORD" -eq 1 ]; then
		words=$("$1" help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p')
	elif [[ $current == -* ]]; then
		words=$("$1" "$command" --help 2>/dev/null | sed 's/^ *-., /  /' |
			grep -oE '^ +--[a-z-]+')
	else
		[[ $before != -* ]] || sorts=$(_@PROGRAM@_ask "$1" "$command" "${before% =}")
		[ -n "$sorts" ] || sorts=$(_@PROGRAM@_ask "$1" "$command" '')
		mapfile -t COMPREPLY < <(_@PROGRAM@_found "$current" <<<"$sorts")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o filenames -F _@PROGRAM@ @PROGRAM@

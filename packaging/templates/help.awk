# What may stand where the cursor is, out of `COMMAND --help`; option: what stands before it, if that
# is one.  A line for each sort: words WORD..., kernels, folders, files SUFFIX.
function sort_of(name) {
	if (name ~ /^(RELEASE|R)$/)
		print "kernels"
	else if (name ~ /^(ARCH|A)$/)
		print "words x86_64 arm64 i386 arm riscv64 ppc64le s390x loongarch64"
	else if (name ~ /^(DIR|ARCHIVE)$/)
		print "folders"
	else if (name == "MANIFEST")
		print "files .ini"
	else if (name == "PART")
		print "files .part"
	else if (option == "--btf" || name ~ /\.btf$/)
		print "files .btf"
	else if (option == "--object" || name ~ /\.o$/)
		print "files .o"
	else if (option ~ /^--(payload|since)$/ || name ~ /^FILE\./ || (option == "" && name == "FILE"))
		print "files .payload\nfiles .run"
	else if (name ~ /^(FILE|KEY|PATH|SRC|IMAGE|OUT)$/)
		print "files"
	else if (name ~ /^[a-z]/)
		print "words " name
	else
		print "words"
}
# "auto, ringbuf or perf", at the end of what an option is.
function listed(text) {
	sub(/^.*: /, "", text)
	if (text !~ /^[a-z0-9_-]+(, [a-z0-9_-]+)*( or [a-z0-9_-]+| \.\.\.)$/)
		return 0
	gsub(/,| or |\.\.\./, " ", text)
	print "words " text
	return 1
}
option != "" && ($1 == option || $1 == option "," || ($1 ~ /^-.,$/ && $2 == option)) {
	sub(/^ +(-., +)?-[^ ]+ */, "")
	if ($1 !~ /^[A-Z][A-Z=]*$/)
		exit
	value = $1
	sub(/^[^ ]+ +/, "")
	if (!listed($0))
		sort_of(value)
	exit
}
option == "" && NF == 0 { exit }
option == "" && /^([Uu]sage:|  ) / {
	sub(/^([Uu]sage:| ) +[^ ]+ [^ ]+/, "")
	gsub(/\[(-|OPTION)[^]]*\](\.\.\.)?/, "")
	gsub(/ --?[a-z]+ [A-Z][^ ]*/, "")
	gsub(/--[^ ]*/, "")
	gsub(/\.\.\.|[][]/, "")
	count = split($0, names, /[ |]+/)
	for (i = 1; i <= count; i++)
		if (names[i] != "")
			sort_of(names[i])
}

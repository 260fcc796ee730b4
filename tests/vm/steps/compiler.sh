# SPDX-License-Identifier: BSD-2-Clause
# for: 6.1-cloud
# slow: clang takes minutes where QEMU translates it
#
# A host with a compiler and this kernel's headers, as their packages install them, and no BTF: what
# an operator types there, `build`, builds here.  The compiler runs as a user without privileges.
acts=4
tar -xf /headers.tar -C /
for program in /usr/lib/llvm-*/bin/*; do
	[ -e "/usr/bin/${program##*/}" ] || ln -s "$program" /usr/bin
done

record before without_btf /kit/elsewhere.run install
# Who compiles: seen from outside while it is done.
{
	until compiler=$(pidof clang) || [ -e build.status ]; do sleep 0.2; done
	grep -E '^(Uid|CapEff|NoNewPrivs):' "/proc/${compiler%% *}/status"
} >compiler.user &
begin=$(now)
record build without_btf /kit/elsewhere.run build
echo $(($(now) - begin)) >build.hundredths
trace run without_btf /kit/elsewhere.run run
record path without_btf /kit/elsewhere.run path object
record again without_btf /kit/elsewhere.run build

begin=$(now)
record execs-build without_btf /kit/elsewhere.run --payload /kit/execs.payload build
echo $(($(now) - begin)) >execs-build.hundredths
trace execs without_btf /kit/elsewhere.run --app execs run

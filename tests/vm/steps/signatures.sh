# SPDX-License-Identifier: BSD-2-Clause
# for: every kernel
#
# Acts for proctrace's signatures and events, and what comes close; a module, where there is one
# that nobody needs.
folder=/tmp/$step # of its own: another step may run this one, too
mkdir -p $folder truth said
cp /kit/act $folder
# Programs that are executed by a descriptor have names there; TOMOYO looks them up.
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
record install "$app" install
"$app" run >all.events 2>run.err &
tracer=$!
for _ in $(seq 600); do
	if grep -q 'is running' run.err || [ ! -e /proc/$tracer ]; then break; fi
	sleep 0.1
done
for name in $($folder/act names); do
	$folder/act "$name" $folder >"truth/$name" 2>"said/$name" &
	pid=$! status=0
	wait $pid || status=$?
	echo "$name $pid $status" >>acts
done
if [ -e /modules/loop.ko ]; then
	record remove rmmod loop
	record insert insmod /modules/loop.ko
fi
kill -INT $tracer
status=0
wait $tracer || status=$?
echo $status >run.status
record uninstall "$app" uninstall

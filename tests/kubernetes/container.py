#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""container.py MANIFEST NAME IMAGE NODE: runs what a container of a manifest is to run, as it says:
its command, user, capabilities and volumes, its root read-only.  IMAGE is the unpacked image; folders
of the host below /var and /etc are looked for below NODE.  In a mount namespace that is the caller's."""
import ctypes
import os
import subprocess
import sys

import yaml

CAPABILITIES = {"PERFMON": 38, "BPF": 39}
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38

manifest, name, image, node = sys.argv[1:]
with open(manifest, encoding="utf-8") as file:
    pod = yaml.safe_load(file)["spec"]["template"]["spec"]
container = next(c for c in pod["initContainers"] + pod["containers"] if c["name"] == name)
context = {**pod["securityContext"], **container["securityContext"]}
with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
    last = int(file.read())
volumes = {v["name"]: v["hostPath"] for v in pod["volumes"]}


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


root = os.path.join(image, "root")
for folder in ("proc", "sys"):
    os.makedirs(os.path.join(root, folder), exist_ok=True)
for wanted in container.get("volumeMounts", []):
    if not wanted["mountPath"].startswith("/sys/"):
        os.makedirs(root + wanted["mountPath"], exist_ok=True)
mount("--bind", root, root)
mount("-o", "remount,bind,ro", root)
mount("-t", "proc", "proc", root + "/proc")
mount("--rbind", "/sys", root + "/sys")
for wanted in container.get("volumeMounts", []):
    host = volumes[wanted["name"]]
    path = host["path"] if host["path"].startswith("/sys/") else node + host["path"]
    if host["type"] == "DirectoryOrCreate":
        os.makedirs(path, exist_ok=True)
    mount("--bind", path, root + wanted["mountPath"])
    if wanted.get("readOnly"):
        mount("-o", "remount,bind,ro", root + wanted["mountPath"])

libc = ctypes.CDLL(None, use_errno=True)
keep = {CAPABILITIES[c] for c in context["capabilities"].get("add", [])}
assert context["capabilities"]["drop"] == ["ALL"]
os.chroot(root)
os.chdir("/")
for capability in range(last + 1):
    if capability not in keep:
        assert libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())
if not context["allowPrivilegeEscalation"]:
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
os.execve(container["command"][0], container["command"], {"PATH": "/bin"})

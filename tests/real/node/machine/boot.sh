#!/usr/bin/env bash
# The first process of a node that pods run on, in mount and process namespaces of its own: its data volume lies where Bottlerocket has it, containerd and the
# kubelet are kept running as systemd keeps them. When it ends, the kernel ends every process and unmounts all that belongs to the node.
# Expects NODE (a folder with the node's settings: containerd.toml, kubelet.yaml, hardware), VOLUME (the file or device that is the data volume),
# PAUSE (an archive of the image of sandboxes), KUBELET (the program), and containerd's programs on PATH.
set -euo pipefail
# Seen from outside, because /proc is still the machine's.
read -r outside _ </proc/self/stat
mount -t proc proc /proc

data=$NODE/data
mkdir -p "$data"
options=nouuid
[[ -b $VOLUME ]] || options+=,loop
mount -o "$options" "$VOLUME" "$data"
mkdir -p "$data"/mnt "$data"/var/{log,lib/{containerd,kubelet}}
mount -t tmpfs tmpfs /run
mkdir /run/containerd /run/lock
mount -t tmpfs tmpfs /var/lib
mkdir /var/lib/{containerd,kubelet,cni}
mount --bind "$data/mnt" /mnt
for folder in log lib/containerd lib/kubelet; do mount --bind "$data/var/$folder" "/var/$folder"; done

# What the kubelet counts is the instance type's hardware, not this machine's. Containers have a /proc and a /sys of their own.
mount --bind "$NODE/hardware/meminfo" /proc/meminfo
mount --bind "$NODE/hardware/system" /sys/devices/system
mount --bind "$NODE/hardware/boot_id" /proc/sys/kernel/random/boot_id

# systemd's Restart=always. The program's ID is in a file, for whoever ends it on purpose.
keep_running() { # <name> <program> <argument>...
  local name=$1
  shift
  while :; do
    "$@" >>"$NODE/$name.log" 2>&1 &
    printf '%s\n' $! >"$NODE/$name.pid"
    wait $! || :
    sleep 1
  done
}
keep_running containerd containerd --config "$NODE/containerd.toml" &
for ((look = 0; look < 300; look++)); do
  if ctr version >/dev/null 2>&1; then break; fi
  sleep 0.1
done
# Bottlerocket brings this image along, and imports it at each boot.
ctr --namespace k8s.io images import --base-name localhost/kubernetes/pause --label io.cri-containerd.pinned=pinned "$PAUSE" >/dev/null
keep_running kubelet "$KUBELET" --config "$NODE/kubelet.yaml" --kubeconfig "$NODE/kubeconfig" --hostname-override "${NODE##*/}" --node-ip "$ADDRESS" \
  --node-labels "$LABELS" --v=2 &
echo "ready $outside"
wait

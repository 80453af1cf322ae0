#!/usr/bin/env bash
# The first process of a node, in mount and process namespaces of its own: lays out what a Bottlerocket host has, with the data volume as /local,
# starts the real containerd, and stays. When it ends, the kernel ends and unmounts all that belongs to the node.
# Expects NODE (a folder for this node), VOLUME (the file that is the data volume) and MOUNT_OPTIONS for it, TOOLS (programs of control container, admin container and host).
set -euo pipefail
# Seen from outside, because /proc is still the machine's.
read -r outside _ </proc/self/stat
mount -t proc proc /proc

root=$NODE/host
mkdir -p "$root"/{etc/containerd,local,mnt,var,opt} "$NODE/units"
# `sync`: what is written reaches the disk, as it sooner or later does on a real one; so a file that lives for a moment leaves its blocks behind.
mount -o "$MOUNT_OPTIONS" "$VOLUME" "$root/local"
mkdir -p "$root"/local/{mnt,opt,host-containers/{admin,control/ssm},bootstrap-containers} \
  "$root"/local/var/lib/{containerd,kubelet,systemd,host-containerd,dhcp} "$root"/local/var/log/journal/5d1f3c
for folder in mnt var opt; do mount --bind "$root/local/$folder" "$root/$folder"; done
label=$(getfattr --only-values -n security.selinux "$root/mnt" 2>/dev/null) || label=
[[ $label ]] || setfattr -n security.selinux -v system_u:object_r:local_t:s0 "$root/mnt"
printf 'seed' >"$root/var/lib/systemd/random-seed"
printf 'boot\n' >>"$root/var/log/journal/5d1f3c/system.journal"
printf '%s\n' NAME=Bottlerocket VERSION_ID=1.57.0 'PRETTY_NAME="Bottlerocket OS 1.57.0 (aws-k8s-1.32)"' >"$root/etc/os-release"
printf '%s\n' '[plugins."io.containerd.grpc.v1.cri".containerd]' 'snapshotter = "overlayfs"' >"$root/etc/containerd/config.toml"
for unit in kubelet containerd host-containers@control host-containers@admin; do echo active >"$NODE/units/$unit.service"; done

# The host's programs know its folders by their real names.
mount -t tmpfs tmpfs /run
mkdir -p /run/containerd /run/lock
mount --bind "$root/mnt" /mnt
mount -t tmpfs tmpfs /var/lib
mkdir /var/lib/containerd
mount --bind "$root/var/lib/containerd" /var/lib/containerd

"${BASH_SOURCE[0]%/*}/admin.sh" start

ip link set lo up 2>/dev/null || :
printf '%s\n' 'version = 2' 'disabled_plugins = ["io.containerd.grpc.v1.cri"]' >"$NODE/containerd.toml"
containerd --config "$NODE/containerd.toml" --root /var/lib/containerd --state /run/containerd \
  --address /run/containerd/containerd.sock >"$NODE/containerd.log" 2>&1 &
containerd=$!

# A graceful end: containerd first, then the admin container's root file system goes, as host-ctr does it on a clean stop.
shut_down() {
  kill -TERM "$containerd" && wait "$containerd" || :
  "${BASH_SOURCE[0]%/*}/admin.sh" stop
  sync
  exit 0
}
trap shut_down TERM
for ((look = 0; look < 200; look++)); do
  if ctr -a /run/containerd/containerd.sock version >/dev/null 2>&1; then break; fi
  sleep 0.1
done
ctr -a /run/containerd/containerd.sock version >/dev/null
echo "ready $outside"
while :; do
  sleep 3600 &
  wait $! || :
done

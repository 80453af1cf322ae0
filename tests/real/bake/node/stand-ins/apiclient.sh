#!/bin/bash
# Stands for Bottlerocket's apiclient: enters the admin container, with an environment of that container's own. Knows `exec -T admin COMMAND…` only.
set -eu
[[ ${*:1:3} == 'exec -T admin' ]] || { echo "apiclient (stand-in): unknown arguments: ${*:1:3}" >&2; exit 1; }
shift 3
exec /usr/sbin/chroot "$NODE/host/var/lib/host-containerd/admin" /usr/bin/env -i HOME=/root PATH=/opt/tools NODE="$NODE" "$@"

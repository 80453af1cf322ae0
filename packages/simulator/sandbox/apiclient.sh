#!/usr/bin/env bash
# Stands for Bottlerocket's apiclient in the control container. Knows `exec [-t|-T] admin [--] COMMAND…` only, makes no TTY, and talks to no API server.
set -eu
[[ ${1:-} == exec ]] || { echo "apiclient (stand-in): only exec is known, not ${1:-nothing}" >&2; exit 1; }
shift
while [[ ${1:-} == -* ]]; do
  case $1 in -t | -T | --tty | --no-tty) shift ;; --) break ;; *) echo "Unknown argument '$1'" >&2; exit 1 ;; esac
done
container=${1:-}
shift
[[ $container == admin ]] || { echo "Failed to exec: no host container is named '$container'" >&2; exit 1; }
if [[ ${1:-} == -- ]]; then shift; fi

# The admin container has an environment of its own; /tmp lies in its root file system, which is on the data volume.
settings=()
for name in "${!PREBAKE_SANDBOX@}"; do settings+=("$name=${!name}"); done
exec env -i "${settings[@]}" HOME=/root PATH="$PREBAKE_SANDBOX/admin" TMPDIR="$PREBAKE_SANDBOX/host/var/lib/host-containerd/admin-tmp" \
  PREBAKE_HOST_ROOT="$PREBAKE_SANDBOX/host" PREBAKE_WORK="$PREBAKE_SANDBOX/memory/prebake" PREBAKE_SLOW_SECONDS="$PREBAKE_SANDBOX_SLOW" "$@"

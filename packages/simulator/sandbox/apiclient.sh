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

# The request is one message of JSON in which each byte of the command is a decimal number (bottlerocket-core-kit sources/api/apiclient/src/exec.rs: `Initialize`
# holds OsStrings). The server's websocket takes 64 KiB (actix-http ws/codec.rs) and hangs up on a larger one. What comes by standard input goes in pieces of 4 KiB.
size=$(($# * 11 + 56))
for word in "$@"; do
  size=$((size + $(printf %s "$word" | wc -c) + $(printf %s "$word" | od -An -v -tu1 | tr -d ' \n' | wc -c)))
done
((size <= 65536)) || { echo "Didn't receive a return code or signal; unsure what happened" >&2; exit 1; }

# The admin container has an environment of its own; /tmp lies in its root file system, which is on the data volume.
settings=()
for name in "${!PREBAKE_SANDBOX@}"; do settings+=("$name=${!name}"); done
exec env -i "${settings[@]}" HOME=/root PATH="$PREBAKE_SANDBOX/admin" TMPDIR="$PREBAKE_SANDBOX/host/var/lib/host-containerd/admin-tmp" \
  PREBAKE_HOST_ROOT="$PREBAKE_SANDBOX/host" PREBAKE_WORK="$PREBAKE_SANDBOX/memory/prebake" PREBAKE_SLOW_SECONDS="$PREBAKE_SANDBOX_SLOW" "$@"

#!/bin/bash
# Stands for Bottlerocket's apiclient: enters the admin container, with an environment of that container's own. Knows `exec -T admin COMMAND…` only.
# Each line of `silent-clients` lets one command be dropped after so many seconds: the server takes a client that is silent for dead, and ends its command
# with SIGTERM (facts B2).
set -eu
[[ ${*:1:3} == 'exec -T admin' ]] || { echo "apiclient (stand-in): unknown arguments: ${*:1:3}" >&2; exit 1; }
shift 3
# One message of JSON with each byte of the command as a decimal number; the server hangs up on more than 64 KiB (as packages/simulator/sandbox/apiclient.sh).
size=$(($# * 11 + 56))
for word in "$@"; do
  size=$((size + $(printf %s "$word" | wc -c) + $(printf %s "$word" | od -An -v -tu1 | tr -d ' \n' | wc -c)))
done
((size <= 65536)) || { echo "Didn't receive a return code or signal; unsure what happened" >&2; exit 1; }
settings=(HOME=/root PATH=/opt/tools "NODE=$NODE")
[[ ! -e $NODE/admin-settings ]] || mapfile -t -O 3 settings <"$NODE/admin-settings"
enter=(/usr/sbin/chroot "$NODE/host/var/lib/host-containerd/admin" /usr/bin/env -i "${settings[@]}" "$@")
[[ -s $NODE/silent-clients ]] || exec "${enter[@]}"

mapfile -t seconds <"$NODE/silent-clients"
if ((${#seconds[@]} > 1)); then printf '%s\n' "${seconds[@]:1}"; fi >"$NODE/silent-clients"
"${enter[@]}" &
sleep "${seconds[0]}"
kill -TERM $! 2>/dev/null || :
wait $!

#!/bin/bash
# Stands for systemd-run on the host: knows a timer that runs one command once, and keeps its promise.
set -eu
[[ $* != --version ]] || { echo 'systemd 257 (stand-in)' && exit 0; }
[[ $1 == --unit=* && $2 == --on-active=* ]] || { echo "systemd-run (stand-in): unknown arguments: $*" >&2; exit 1; }
unit=${1#*=} seconds=${2#*=}
shift 2
[[ ! -e $NODE/units/$unit.timer ]] || { echo "Failed to start transient timer unit: Unit $unit.timer was already loaded." >&2; exit 1; }
echo active >"$NODE/units/$unit.timer"
printf '%s\n' "$seconds $*" >"$NODE/units/$unit.line"
(trap '' HUP && sleep "$seconds" && "$@") </dev/null >/dev/null 2>&1 &
echo "Running timer as unit: $unit.timer"

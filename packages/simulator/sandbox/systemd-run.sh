#!/usr/bin/env bash
# Stands for systemd-run on the host. Starts a timer as a process of its own that outlives whoever asked, at the simulation's rate: once the seconds of
# --on-active are over, the service's command runs as the host runs it. Knows --unit=… and --on-active=<seconds> only.
set -eu
if [[ $* == --version ]]; then
  echo 'systemd 257 (stand-in)'
  exit 0
fi
line=$*
unit='' seconds=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --unit=*) unit=${1#--unit=} ;;
    --on-active=*) seconds=${1#--on-active=} ;;
    *) echo "systemd-run (stand-in): $1 is not known" >&2; exit 1 ;;
  esac
  shift
done
[[ $unit && $seconds =~ ^[0-9]+$ && $# -gt 0 ]] || { echo 'systemd-run (stand-in): it takes --unit=…, --on-active=<seconds> and a command' >&2; exit 1; }
units=$PREBAKE_SANDBOX/units
if [[ -e $units/$unit.timer ]]; then
  echo "Failed to start transient timer unit: Unit $unit.timer was already loaded or has a fragment file." >&2
  exit 1
fi
echo active >"$units/$unit.timer"
printf '%s\n' "$line" >"$units/$unit.line"

# systemd starts it, so it has nothing of the asker's: neither environment, descriptors nor process group.
settings=()
for name in "${!PREBAKE_SANDBOX@}"; do settings+=("$name=${!name}"); done
# shellcheck disable=SC2016 # for the shell that it is given to
fire='sleep "$1"; timer=$2; shift 2; echo inactive >"$timer"; exec "$@"'
set -m
env -i "${settings[@]}" PATH="$PREBAKE_SANDBOX/host-programs" "$BASH" -c "$fire" "$unit" "$seconds" "$units/$unit.timer" "$@" </dev/null >/dev/null 2>&1 &
printf 'Running timer as unit: %s.timer\nWill run service as unit: %s.service\n' "$unit" "$unit"

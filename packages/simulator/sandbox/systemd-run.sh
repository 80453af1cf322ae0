#!/usr/bin/env bash
# Stands for systemd-run on the host. Records a timer as an active unit, with its line; it never fires.
set -eu
unit=
for word in "$@"; do case $word in --unit=*) unit=${word#--unit=} ;; esac; done
[[ $unit ]] || { echo 'systemd-run (stand-in): only --unit=… is known' >&2; exit 1; }
if [[ -e $PREBAKE_SANDBOX/units/$unit.timer ]]; then
  echo "Failed to start transient timer unit: Unit $unit.timer was already loaded or has a fragment file." >&2
  exit 1
fi
echo active >"$PREBAKE_SANDBOX/units/$unit.timer"
printf '%s\n' "$*" >"$PREBAKE_SANDBOX/units/$unit.line"
printf 'Running timer as unit: %s.timer\nWill run service as unit: %s.service\n' "$unit" "$unit"

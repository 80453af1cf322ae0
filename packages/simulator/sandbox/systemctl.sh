#!/usr/bin/env bash
# Stands for systemctl on the host. Keeps each unit's state as a word in a file; knows is-active, start, stop, mask and poweroff, and starts or ends no
# process; the simulator watches the folder for poweroff.target, and takes the machine off.
set -eu
units=$PREBAKE_SANDBOX/units
verb=${1:-}
shift || :
names=()
for word in "$@"; do
  case $word in -*) ;; *.service | *.timer) names+=("$word") ;; *) names+=("$word.service") ;; esac
done
code=0
case $verb in
  is-active)
    code=3
    for name in "${names[@]}"; do
      word=inactive
      [[ ! -e $units/$name ]] || word=$(<"$units/$name")
      echo "$word"
      [[ $word != active ]] || code=0
    done
    ;;
  start)
    for name in "${names[@]}"; do
      [[ ! -e $units/$name.masked ]] || { echo "Failed to start $name: Unit $name is masked." >&2; exit 1; }
      echo active >"$units/$name"
    done
    ;;
  stop) for name in "${names[@]}"; do echo inactive >"$units/$name"; done ;;
  mask) for name in "${names[@]}"; do : >"$units/$name.masked"; done ;;
  poweroff) : >"$units/poweroff.target" ;;
  *) echo "Unknown command verb '$verb'." >&2; exit 1 ;;
esac
exit "$code"

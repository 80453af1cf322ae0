#!/bin/bash
# Stands for systemctl on the host: each unit's state is a word in a file. Only `poweroff` does something: it ends the node.
set -eu
units=$NODE/units
verb=${1:-}
shift || :
code=0
for name in "$@"; do
  [[ $name != -* ]] || continue
  [[ $name == *.* ]] || name=$name.service
  case $verb in
    is-active)
      word=inactive
      [[ ! -e $units/$name ]] || word=$(<"$units/$name")
      echo "$word"
      [[ $word == active ]] || code=3
      ;;
    stop) echo inactive >"$units/$name" ;;
    mask) : >"$units/$name.masked" ;;
    *) echo "Unknown command verb '$verb'." >&2 && exit 1 ;;
  esac
done
[[ $verb != poweroff ]] || kill -TERM 1
exit "$code"

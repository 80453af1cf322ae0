#!/usr/bin/env bash
# Stands for df. Tells of one file system, the data volume: its simulated size, less what lies in the sandbox's folder and what the images would take
# (their compressed layers). It does not make the disk full: a write never fails for want of space. First argument: the real du.
set -eu
du=$1
shift
columns=
for word in "$@"; do
  case $word in
    -B1) ;;
    --output=*) columns=${word#*=} ;;
    -*) echo "df (stand-in): $word is not known" >&2; exit 1 ;;
    *) [[ -e $word ]] || { echo "df: $word: No such file or directory" >&2; exit 1; } ;;
  esac
done
read -r used _ < <("$du" -s -B1 "$PREBAKE_SANDBOX/host/local")
for file in "$PREBAKE_SANDBOX"/host/var/lib/containerd/images/*.size; do
  [[ -e $file ]] && used=$((used + $(<"$file")))
done
available=$((PREBAKE_SANDBOX_VOLUME - used))
head="" row=""
IFS=, read -r -a names <<<"$columns"
for name in "${names[@]}"; do
  case $name in
    size) value=$PREBAKE_SANDBOX_VOLUME ;;
    used) value=$used ;;
    avail) value=$((available > 0 ? available : 0)) ;;
    source) value=/dev/nvme1n1p1 ;;
    fstype) value=xfs ;;
    *) echo "df: option --output: field '$name' unknown" >&2; exit 1 ;;
  esac
  head+=" $name" row+=" $value"
done
printf '%s\n%s\n' "$head" "$row"

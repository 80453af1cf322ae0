#!/usr/bin/env bash
# Stands for the admin container's sheltie, which runs a program of the host in the host's namespaces. Changes no namespace: only the PATH becomes the host's.
export PATH=$PREBAKE_SANDBOX/host-programs
# A program of the host's own is in the folder that stands for its root.
words=()
for word in "$@"; do
  if [[ $word == /usr/* && -x $PREBAKE_SANDBOX/host$word ]]; then word=$PREBAKE_SANDBOX/host$word; fi
  words+=("$word")
done
set -- "${words[@]}"
type -P "$1" >/dev/null || { echo "nsenter: failed to execute $1: No such file or directory" >&2; exit 127; }
exec "$@"

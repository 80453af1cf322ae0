#!/usr/bin/env bash
# Stands for stat in two questions only, the kind of a file system and the SELinux label; all others go to the real stat, which is the first argument.
stat=$1
shift
if [[ "${*:1:3}" == '-f -c %T' ]]; then
  case $4 in "$PREBAKE_SANDBOX"/memory*) echo tmpfs ;; *) echo xfs ;; esac
elif [[ "${*:1:2}" == '-c %C' ]]; then
  echo system_u:object_r:local_t:s0
else
  exec "$stat" "$@"
fi

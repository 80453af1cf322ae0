#!/bin/bash
# Stands for the admin container's sheltie: runs a program of the host in the host's mount namespace, with the host's PATH.
read -r pid </dev/shm/host-pid
exec /usr/bin/nsenter --mount="/proc/$pid/ns/mnt" /usr/bin/env PATH="$NODE/tools/host" "$@"

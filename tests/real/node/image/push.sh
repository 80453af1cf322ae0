#!/usr/bin/env bash
# push.sh LAYOUT STORAGE NAME TAG: pushes an image of an OCI layout to a registry whose storage is a folder. Runs in a network of its own.
set -euo pipefail
ip link set lo up
config=$(mktemp)
printf '%s\n' 'version: 0.1' "storage: {filesystem: {rootdirectory: $2}}" "http: {addr: '127.0.0.1:5000'}" >"$config"
docker-registry serve "$config" >/dev/null 2>&1 &
registry=$!
trap 'kill $registry; rm -f "$config"' EXIT
until curl -sf http://127.0.0.1:5000/v2/ >/dev/null; do sleep 0.1; done
skopeo copy -q --insecure-policy --dest-tls-verify=false "oci:$1:$4" "docker://127.0.0.1:5000/$3:$4"

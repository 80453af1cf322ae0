#!/usr/bin/env bash
# Runs the line on its standard input as the SSM agent in the control container does: as a script file, waiting until all its descriptors are closed,
# and keeping script and output on the data volume (facts A1).
# Expects NODE and TOOLS; first argument: the command's ID.
set -euo pipefail
folder=$NODE/host/local/host-containers/control/ssm/document/orchestration/$1/awsrunShellScript/0.awsrunShellScript
mkdir -p "$folder"
cat >"$folder/_script.sh"
printf '%s ran command %s\n' amazon-ssm-agent "$1" >>"$NODE/host/var/log/journal/5d1f3c/system.journal"
sync -f "$folder"
code=0
env -i PATH="$TOOLS/control" HOME=/root NODE="$NODE" "$TOOLS/control/sh" "$folder/_script.sh" </dev/null 2>&1 | tee "$folder/stdout" || code=${PIPESTATUS[0]}
sync -f "$NODE/host/local"
exit "$code"

#!/usr/bin/env bash
# Reads SNAPSHOT, PURPOSE and AWS_REGION (see action.yml). A call that fails ends it with 1: what cannot be seen is not gone.
set -euo pipefail

[[ -z $SNAPSHOT ]] || aws ec2 delete-snapshot --snapshot-id "$SNAPSHOT"
tagged=(--filters "Name=tag:purpose,Values=$PURPOSE")
instances=$(aws ec2 describe-instances "${tagged[@]}" Name=instance-state-name,Values=pending,running,stopping,stopped \
  --query 'Reservations[].Instances[].InstanceId' --output text)
volumes=$(aws ec2 describe-volumes "${tagged[@]}" --query 'Volumes[].VolumeId' --output text)
snapshots=$(aws ec2 describe-snapshots --owner-ids self "${tagged[@]}" --query 'Snapshots[].SnapshotId' --output text)
left="$instances $volumes $snapshots"
[[ -z ${left//[[:space:]]/} ]] || { echo "::error title=Something is left::With the tag purpose=$PURPOSE there are still: $left. Delete them."; exit 1; }
echo "Nothing with the tag purpose=$PURPOSE is left."

#!/usr/bin/env bash
# shellcheck disable=SC2034 # check-assumptions.sh reads asked_of_aws.
# Checks of rows of docs/assumptions.md that a read-only call answers. Each prints what it saw, and ends with 0 where the row holds and 1 where it does not;
# a call that fails ends it with 2, and its words are the answer. Reads REGION and SNAPSHOT (see action.yml).

# By the beginnings of the rows. Each check is a function of this file.
declare -A asked_of_aws=(
  ['A signed hub address lives 60 minutes, is for GET only']=signed_address
  ["A volume without \`volumeType\` is of the machine image's own type"]=image_volume_type
  ["\`DescribeLaunchTemplateVersions\` without a template gives"]=launch_template_versions
  ["\`FullSnapshotSizeInBytes\` is what a volume made from the snapshot would hold"]=full_snapshot_size
)

call() { "$@" 2>&1 || { echo "$1 failed"; exit 2; }; }

signed_address() {
  local file=https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct/resolve/main/model.safetensors address head range
  address=$(call curl --silent --show-error --output /dev/null --write-out '%{redirect_url}' "$file") || { echo "$address"; return 2; }
  head=$(call curl --silent --head --output /dev/null --write-out '%{http_code}' "$address") || { echo "$head"; return 2; }
  range=$(call curl --silent --range 0-0 --output /dev/null --write-out '%{http_code}' "$address") || { echo "$range"; return 2; }
  echo "HEAD is answered with $head, a GET of one byte with $range"
  [[ $head == 403 && $range == 206 ]]
}

image_volume_type() {
  local types
  types=$(call aws ec2 describe-images --owners amazon --filters 'Name=name,Values=bottlerocket-aws-k8s-*-x86_64-v1.*' --region "$REGION" \
    --query "Images[].BlockDeviceMappings[?DeviceName=='/dev/xvdb'][].Ebs.VolumeType" --output text) || { echo "$types"; return 2; }
  types=$(tr '[:space:]' '\n' <<<"$types" | sort --unique | xargs)
  [[ -n $types ]] || { echo 'EC2 names no image of Bottlerocket'; return 2; }
  echo "/dev/xvdb of Bottlerocket's images is $types"
  [[ $types == gp2 ]]
}

launch_template_versions() {
  local count
  # shellcheck disable=SC2016 # names of EC2's own
  count=$(call aws ec2 describe-launch-template-versions --versions '$Latest' '$Default' --region "$REGION" --query 'length(LaunchTemplateVersions)' --output text) || { echo "$count"; return 2; }
  echo "EC2 answers without a template, with $count versions"
}

full_snapshot_size() {
  local size
  size=$(call aws ec2 describe-snapshots --snapshot-ids "$SNAPSHOT" --region "$REGION" --query 'Snapshots[0].FullSnapshotSizeInBytes' --output text) || { echo "$size"; return 2; }
  echo "$size bytes of a volume of 20 GiB that holds a model of 0.27 GB"
  ((size > 270000000 && size <= 20 * 1024 ** 3))
}

#!/usr/bin/env bash
# Reads GIVEN, FILE and VARIABLE (see action.yml). Ends with 1 when none names a snapshot.
set -euo pipefail

snapshot='' pointer=''
if [[ -n $GIVEN ]]; then
  snapshot=$GIVEN pointer='input'
# A link could lead out of what a pull request may show.
elif [[ -f $FILE && ! -L $FILE ]]; then
  snapshot=$(sed -n 's/^SNAPSHOT_ID=\([^[:space:]]*\).*/\1/p' "$FILE" | head -n 1)
  [[ -z $snapshot ]] || pointer='file'
fi
if [[ -z $snapshot && -n $VARIABLE ]]; then
  snapshot=$VARIABLE pointer='variable'
fi

if [[ -z $snapshot ]]; then
  echo "::error title=No snapshot is published::Neither the file $FILE nor the repository variable VLLM_SNAPSHOT_ID names a snapshot. Run the workflow build-snapshot first; it publishes the ID."
  exit 1
fi
if [[ $snapshot != latest && ! $snapshot =~ ^snap-[0-9a-f]{8,17}$ ]]; then
  echo "::error title=Not a snapshot::The $pointer for the snapshot does not hold the ID of a snapshot, such as snap-0123456789abcdef0. Correct it, or run the workflow build-snapshot, which publishes one."
  exit 1
fi
echo "Snapshot $snapshot ($pointer)"
printf 'snapshot-id=%s\npointer=%s\n' "$snapshot" "$pointer" >>"$GITHUB_OUTPUT"

#!/usr/bin/env bash
# Reads DOCUMENT, BAKE, REGION and SNAPSHOT (see action.yml). Writes the table to the job summary and to the log. Ends with 1 where a row does not hold.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source-path=SCRIPTDIR source=asked-of-aws.sh
source "$here/asked-of-aws.sh"
mapfile -t held_by_bake <"$here/held-by-a-bake.txt"

# The one of $2… that the row $1 begins with.
beginning_of() {
  local row=$1 beginning
  shift
  for beginning; do
    [[ $row != "$beginning"* ]] || { echo "$beginning"; return; }
  done
}

# Prints the verdict on a row: `holds: …`, `does not hold: …`, `unknown: …` or `not checked: …`.
judge() {
  local what=$1 check=$2 beginning seen status=0
  # Whether a bake that succeeds cannot have done so without this row.
  if [[ -n $(beginning_of "$what" "${held_by_bake[@]}") ]]; then
    if [[ $BAKE == success ]]; then echo 'holds: the bake and its full verification needed it'; else echo 'unknown: the bake failed'; fi
    return
  fi
  beginning=$(beginning_of "$what" "${!asked_of_aws[@]}")
  [[ -n $beginning ]] || { echo "not checked:$check"; return; }
  seen=$("${asked_of_aws[$beginning]}" | tr '\n' ' ') || status=$?
  case $status in
    0) echo "holds: $seen" ;;
    1) echo "does not hold: $seen" ;;
    *) echo "unknown: $seen" ;;
  esac
}

declare -A count=([holds]=0 ['does not hold']=0 [unknown]=0 ['not checked']=0)
rows=''
while IFS='|' read -r _ what _where _source check _; do
  what=$(sed 's/^ *//; s/ *$//' <<<"$what")
  [[ -n $what && $what != 'what is believed' && $what != -* ]] || continue
  verdict=$(judge "$what" "$check")
  count[${verdict%%:*}]=$((count[${verdict%%:*}] + 1))
  rows+="| $what | $verdict |"$'\n'
done < <(sed 's/\\|/∣/g' "$DOCUMENT")

{
  printf '## Assumptions on this account\n\n%d hold, %d do not hold, %d unknown, %d not checked by this workflow.\n\n' \
    "${count[holds]}" "${count['does not hold']}" "${count[unknown]}" "${count['not checked']}"
  printf '| what is believed | this run |\n|---|---|\n%s' "$rows"
} | tee -a "$GITHUB_STEP_SUMMARY"
((count[holds] + count['does not hold'] + count[unknown] > 0)) ||
  { echo '::error title=No assumption was found::The document has no row that this workflow checks. Look at held-by-a-bake.txt and asked-of-aws.sh.'; exit 1; }
((count['does not hold'] == 0)) || { echo '::error title=An assumption does not hold::The table in the job summary names it. Please open an issue.'; exit 1; }

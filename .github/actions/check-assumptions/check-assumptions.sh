#!/usr/bin/env bash
# Reads DOCUMENT and BAKE (see action.yml). Writes the table to the job summary and to the log.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")

# Whether a bake that succeeds cannot have done so without this row: held-by-a-bake.txt has the rows' beginnings.
held_by_bake() {
  local beginning
  while read -r beginning; do
    [[ -z $beginning || $1 != "$beginning"* ]] || return 0
  done <"$here/held-by-a-bake.txt"
  return 1
}

held=0 failed=0 open=0 rows=''
while IFS='|' read -r _ what _where _source check _; do
  what=$(sed 's/^ *//; s/ *$//' <<<"$what")
  [[ -n $what && $what != 'what is believed' && $what != -* ]] || continue
  if ! held_by_bake "$what"; then
    verdict="not checked:$check" open=$((open + 1))
  elif [[ $BAKE == success ]]; then
    verdict='holds: the bake and its full verification needed it' held=$((held + 1))
  else
    verdict='unknown: the bake failed' failed=$((failed + 1))
  fi
  rows+="| $what | $verdict |"$'\n'
done < <(sed 's/\\|/∣/g' "$DOCUMENT")

{
  printf '## Assumptions on this account\n\n%d hold, %d unknown, %d not checked by this workflow.\n\n' "$held" "$failed" "$open"
  printf '| what is believed | this run |\n|---|---|\n%s' "$rows"
} | tee -a "$GITHUB_STEP_SUMMARY"
((held + failed > 0)) || { echo '::error title=No assumption was found::The document has no row that a bake holds. Look at held-by-a-bake.txt.'; exit 1; }

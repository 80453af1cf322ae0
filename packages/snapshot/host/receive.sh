# shellcheck shell=bash
# What `apiclient exec` runs in the admin container: takes a command's files from standard input, line by line, then runs its script
# (README.md, "How a command arrives"). It travels inside single quotes, so it must hold none.
set -eu
umask 077
export PREBAKE_WORK="${PREBAKE_WORK:-/dev/shm/prebake}"
# Older shells keep here-documents in files, and /tmp lies on the data volume.
export TMPDIR="$PREBAKE_WORK"
mkdir -p "$PREBAKE_WORK/bin" "$PREBAKE_WORK/inbox"
cd "$PREBAKE_WORK"
while read -r word name rest; do
  case $word in
    # Whole or not at all: the same command may have been sent twice, and the first one may still be reading.
    file) printf %s "$rest" | base64 -d >"$name.$$" && mv -f "$name.$$" "$name" ;;
    join)
      parts=()
      for ((part = 0; part < rest; part++)); do parts+=("$name.part$part"); done
      cat "${parts[@]}" >"$name.$$" && mv -f "$name.$$" "$name"
      ;;
    received) echo "prebake:received" && exit 0 ;;
    run)
      # shellcheck disable=SC2086 # its arguments are plain words
      exec bash "bin/$name" $rest </dev/null
      ;;
  esac
done
echo "the command did not arrive whole" >&2
exit 1

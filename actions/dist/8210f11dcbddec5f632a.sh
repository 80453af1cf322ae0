# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # lib.sh, work.sh and fetch.sh set what is read here, and read what is set
# Sourced by work.sh: makes a whole file of what has arrived, checks it and puts it in its place. The functions share the variables of `advance`.

# A file that only the runner can read, or an empty one.
assemble() {
  local offset=0
  : >"$part.whole"
  while ((size > 0 && offset < expected)); do
    cat -- "$plan/piece.$index.$offset" >>"$part.whole"
    offset=$(stat -c %s "$part.whole")
  done
  if [[ -e $plan/packed.$index ]]; then
    mv -f "$part.whole" "$part.packed"
    inflate "$part.packed" "$part.whole" || {
      give_up "unpacking $path: curl cannot inflate what the runner sent. Please open an issue."
      return
    }
    rm -f "$part.packed"
  fi
  check "$part.whole" whole
}

# Compares the digest; a wrong file is downloaded again, once.
check() { # <file> <claim to release>
  local sum
  busy=1
  sum=$(digest_of "$algorithm" "$size" "$1")
  if [[ $sum == "$digest" ]]; then
    : >"$state/checked.$digest"
    mv -f "$1" "$blob"
    rm -rf "$part" "$part.whole" "$part.d"
    place
    return
  fi
  rm -f "$1"
  if ! mkdir "$state/mismatch.$digest" 2>/dev/null; then
    give_up "checking $path: its $algorithm is $sum instead of $digest, twice. Check that the model's repository and its mirror agree, and build again."
    return
  fi
  # In one step, so that no downloader starts on ranges that are about to be forgotten.
  if [[ -e $part.d ]]; then mv "$part.d" "$part.d.$BASHPID" && rm -rf "$part.d.$BASHPID"; fi
  release "$digest.$2"
}

# Links a checked blob into the snapshot, relative, as the client's cache has it.
place() {
  local folders=${path//[!\/]/}
  claim "$index.link" || return 0
  busy=1
  mkdir -p "$(dirname "$snapshot/$path")"
  ln -sfn "../../${folders//\//..\/}blobs/$digest" "$snapshot/$path"
}

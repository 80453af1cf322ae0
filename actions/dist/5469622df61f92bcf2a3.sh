# shellcheck shell=bash
# shellcheck disable=SC2154 # lib.sh and work.sh set them
# Sourced by work.sh: downloads files by ranges, checks them and puts them in their place.
# Every lane is one connection. What is to be done is read off the disk each time: a range is there when `<blob>.incomplete.d/<start>-<length>` exists,
# which also holds after a restart of the container; a lane takes something by making a folder `claim.…`. The functions share the variables of `advance`.

tries=${PREBAKE_TRIES:-10}
# Seconds that a connection may stay below 64 KiB/s, and in which a new address must come.
slow=${PREBAKE_SLOW_SECONDS:-30} patience=1200

claim() { mkdir "$state/claim.$1" 2>/dev/null; }
release() { rmdir "$state/claim.$1" 2>/dev/null || :; }

# Goes over the files again and again, taking what no other lane has, until nothing is left for it.
lane() {
  local index size algorithm digest path busy idle=0 waiting
  while ((idle < patience)); do
    busy=0 waiting=
    while IFS=$'\t' read -r index size algorithm digest path; do
      advance
    done < <(files_by_size)
    if ((busy)); then
      idle=0
      continue
    fi
    # Nothing is left, or other lanes are at all that is.
    [[ $waiting ]] || return 0
    sleep 3
    idle=$((idle + 3))
  done
  give_up "downloading $waiting: no address for it came in $patience s. Build again; the runner must be able to reach the hub."
}

# Does for one file what can be done now.
advance() {
  local blob=$blobs/$digest part=$blobs/$digest.incomplete
  [[ ! -e $snapshot/$path ]] || return 0
  if [[ -e $blob ]]; then
    place
    return
  fi
  arrived=0 expected=$size
  if ((size > 0)) && [[ -e $plan/piece.$index.0 ]]; then count_pieces "$index" "$size"; fi
  if ((arrived == expected)); then
    claim "$digest.whole" || return 0
    assemble
  elif [[ ! -e $plan/address.$index ]]; then
    waiting=$path
  elif [[ -e $state/whole.$digest ]]; then
    claim "$digest.whole" || return 0
    fetch "$part.whole" 0 "$size" '' || { release "$digest.whole" && return 0; }
    check "$part.whole" whole
  else
    fetch_ranges
  fi
}

fetch_ranges() {
  local start length
  for ((start = 0; start < size; start += chunk)); do
    length=$((size - start < chunk ? size - start : chunk))
    [[ ! -e $part.d/$start-$length ]] || continue
    claim "$digest.$start" || continue
    # Looked at again: another lane may have finished it and given it back just before.
    if [[ ! -e $part.d/$start-$length ]] && fetch "$part" "$start" "$length" "$start-$((start + length - 1))"; then
      mkdir -p "$part.d"
      : >"$part.d/$start-$length"
    fi
    release "$digest.$start"
    [[ ! -e $state/whole.$digest && -e $plan/address.$index ]] || return 0
  done
  has_all_ranges && claim "$digest.check" || return 0
  # Again: what was seen may have been deleted by a check in between.
  if has_all_ranges; then check "$part" check; else release "$digest.check"; fi
}

has_all_ranges() {
  local start length
  for ((start = 0; start < size; start += chunk)); do
    length=$((size - start < chunk ? size - start : chunk))
    [[ -e $part.d/$start-$length ]] || return 1
  done
}

# Downloads so many bytes to where they belong. Fails when they are not there and another way has to be taken.
fetch() { # <target> <start> <length> <range, or nothing for a whole GET>
  local try url code bytes pause words delay
  for ((try = 1; try <= tries; try++)); do
    # Another lane may have finished this file since it was looked at.
    [[ ! -e $blob ]] && { IFS=$'\t' read -r _ url <"$plan/address.$index"; } 2>/dev/null || return 1
    busy=1
    transfer "$@"
    if ((bytes == $3)) && [[ $code == 206 || ($code == 200 && $3 == "$size") ]]; then
      rm -f "$state/refused.$index".*
      return 0
    fi
    case $code in
      200) ((bytes != size && $3 == size)) || take_whole || return 1 ;;
      416) take_whole || return 1 ;;
      401 | 403) refuse_address || return 1 ;;
      400 | 404 | 410)
        give_up "downloading $path: HTTP $code ($words). Check that the model's repository still has this file, and build again."
        return 1
        ;;
    esac
    delay=$((1 << (try < 7 ? try - 1 : 6)))
    if [[ $pause =~ ^[0-9]{1,3}$ ]] && ((pause > delay)); then delay=$pause; fi
    ((try == tries)) || sleep "$delay.$((RANDOM % 10))"
  done
  give_up "downloading $path (bytes from $2 on): $tries tries, the last one HTTP $code with $bytes of $3 bytes (${words:-no words from curl}). Build again later."
  return 1
}

# The server takes no ranges for this file.
take_whole() {
  : >"$state/whole.$digest"
  return 1
}

# Runs curl once; sets code, bytes, pause (from Retry-After or, as Hugging Face's hub says it with a 429, RateLimit) and words (curl's).
transfer() { # <target> <start> <length> <range>
  local log=$state/transfer.$BASHPID line limit=';t=([0-9]+)'
  curl -g -sS -f -L --max-redirs 5 --connect-timeout 15 --speed-limit 65536 --speed-time "$slow" ${4:+-r "$4"} \
    -w '%{stderr}\nprebake %{http_code} %{size_download} %header{retry-after} %header{ratelimit}\n' -- "$url" 2>"$log" </dev/null |
    dd of="$1" bs=1M seek="$2" oflag=seek_bytes conv=notrunc iflag=fullblock,count_bytes count="$3" 2>"$log.dd" || :
  code=000 bytes=0 pause='' words=
  while read -r line; do
    case $line in
      'prebake '*)
        read -r _ code bytes pause <<<"$line"
        if [[ $code == 429 && $pause =~ $limit ]]; then pause=${BASH_REMATCH[1]}; else pause=${pause%% *}; fi
        ;;
      curl:*) words=${line#curl: } ;;
    esac
  done <"$log"
  line=$(<"$log.dd")
  case $line in
    *'No space left'*)
      measure_volume
      rm -f "$1" # The agent, too, writes to this volume: without room it could not bring the reason back.
      give_up "writing $path: the data volume is full; the file needs $((size >> 20)) MiB, $((available >> 20)) MiB are free. Choose a larger volume-size."
      ;;
    *'dd: '*) give_up "writing $path: ${line##*dd: }. Build again on a new builder." ;;
  esac
}

# Takes away an address that was refused, unless a newer one is there already; status then names the file among `wants`.
refuse_address() {
  local newest refused
  { IFS=$'\t' read -r _ newest <"$plan/address.$index"; } 2>/dev/null || return 1
  [[ $newest == "$url" ]] || return 0
  mv "$plan/address.$index" "$state/refused.$index.$BASHPID.$RANDOM" 2>/dev/null || return 1
  refused=("$state/refused.$index".*)
  # A store was seen to refuse valid ranges with 403 where a whole GET went through.
  ((${#refused[@]} < 2)) || take_whole || :
  ((${#refused[@]} < 6)) || give_up "downloading $path: ${#refused[@]} addresses in a row were refused, the last with HTTP $code. Check that the token may read this repository."
  return 1
}

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

# Compares the digest; a wrong file is loaded anew, once.
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
  # In one step, so that no lane starts on ranges that are about to be forgotten.
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

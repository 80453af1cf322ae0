# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # lib.sh and work.sh set what is read here; complete.sh reads what is set
# Sourced by work.sh: downloads files by ranges; complete.sh checks them and puts them in their place.
# Every downloader is one connection. What is to be done is read off the disk each time: a range is there when `<blob>.incomplete.d/<start>-<length>` exists,
# which also holds after a restart of the container; a downloader takes something by making a folder `claim.…`. The functions share the variables of `advance`.

tries=${PREBAKE_TRIES:-10}
# Seconds that a connection may stay below 64 KiB/s, and in which a new address must come.
slow=${PREBAKE_SLOW_SECONDS:-30} patience=1200

claim() { mkdir "$state/claim.$1" 2>/dev/null; }
release() { rmdir "$state/claim.$1" 2>/dev/null || :; }

# Goes over the files again and again, taking what no other downloader has, until nothing is left for it.
downloader() {
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
    # Nothing is left, or other downloaders are at all that is.
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
    # Looked at again: another downloader may have finished it and given it back just before.
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
  local try url code bytes pause words ended delay
  for ((try = 1; try <= tries; try++)); do
    # Another downloader may have finished this file since it was looked at.
    [[ ! -e $blob ]] && { IFS=$'\t' read -r _ url <"$plan/address.$index"; } 2>/dev/null || return 1
    busy=1
    transfer "$@"
    if ((ended == 0 && bytes == $3)) && [[ $code == 206 || ($code == 200 && $3 == "$size") ]]; then
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

# Runs curl once; sets code, bytes, pause (from Retry-After or, as Hugging Face's hub says it with a 429, RateLimit), words (curl's) and ended (its exit code).
transfer() { # <target> <start> <length> <range>
  local log=$state/transfer.$BASHPID line limit=';t=([0-9]+)'
  # curl writes into the file itself, from where dd has set the descriptor that they share: a pipe between them costs more than the download.
  {
    dd bs=1 seek="$2" oflag=seek_bytes count=0 conv=notrunc status=none </dev/null &&
      curl -g -sS -f -L --proto =https,http --proto-redir "=${url%%:*}" --max-redirs 5 --max-filesize "$3" --connect-timeout 15 --speed-limit 65536 --speed-time "$slow" ${4:+-r "$4"} \
        -w '%{stderr}\nprebake %{http_code} %{size_download} %header{retry-after} %header{ratelimit}\n' -- "$url" </dev/null
  } 2>"$log" 1<>"$1" && ended=0 || ended=$?
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
  # Without a word from curl, the file could not even be opened.
  if ((ended == 23)) || [[ $code$words == 000 ]]; then explain_write "$1" "$(($2 + bytes))"; fi
}

# curl does not say why it could not write; another write at the same place does, if it fails too.
explain_write() { # <target> <position>
  local reason
  reason=$(dd if=/dev/zero of="$1" bs=65536 count=1 seek="$2" oflag=seek_bytes conv=notrunc status=none 2>&1) && return
  case $reason in
    *'No space left'*)
      measure_volume
      rm -f "$1" # The agent, too, writes to this volume: without room it could not bring the reason back.
      give_up "writing $path: the data volume is full; the file needs $((size >> 20)) MiB, $((available >> 20)) MiB are free. Choose a larger volume-size."
      ;;
    *) give_up "writing $path: ${reason##*: }. Build again on a new builder." ;;
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

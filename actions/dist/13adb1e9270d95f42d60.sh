# start <file>...: opens envelopes, merges the plan lines in them, and starts the worker if none runs.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"

# Opens an envelope (README.md, "Envelope") in memory; the seal is checked before anything is decrypted.
open_envelope() { # <name in the inbox> <file for the text>
  local wrapped iv body mac keys sum
  { read -r wrapped && read -r iv && read -r body && read -r mac; } <"$inbox/$1" ||
    die "opening the envelope $1: it is not four lines long. Send it again."
  [[ -e $PREBAKE_WORK/key.pem ]] || die "opening the envelope $1: this machine has no key. Say hello first."
  keys=$(printf '%s' "$wrapped" | base64 -d |
    openssl pkeyutl -decrypt -inkey "$PREBAKE_WORK/key.pem" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 2>/dev/null | hex) || keys=
  ((${#keys} == 128)) || die "opening the envelope $1: it was closed for another key. Say hello again and use the key that it answers."
  sum=$({ printf '%s' "$iv" | base64 -d && printf '%s' "$body" | base64 -d; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:${keys:64}")
  [[ ${sum##* } == "$mac" ]] || die "opening the envelope $1: its seal (HMAC) is broken, so nothing of it was used. Send it again."
  printf '%s' "$body" | base64 -d |
    openssl enc -d -aes-256-cbc -K "${keys:0:64}" -iv "$(printf '%s' "$iv" | base64 -d | hex)" >"$2"
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

exec 9>"$state/lock"
flock -w 30 9 || die "starting the worker: another command has held the lock for 30 s. Try again."

for name in "$@"; do
  # A command that is sent again may meet what the first one has left, or be met by it in mid-way.
  if [[ -e $state/opened.$name ]]; then
    rm -f "${inbox:?}/$name"
    continue
  fi
  [[ -e $inbox/$name ]] || die "opening the envelope $name: there is none. Send it with the command."
  open_envelope "$name" "$TMPDIR/opened"
  merge_plan "$TMPDIR/opened"
  : >"$state/opened.$name"
  rm -f "$TMPDIR/opened" "${inbox:?}/$name"
done

if is_alive "$state/worker" && [[ ! -e $state/result ]]; then
  printf 'prebake:running\n'
  exit 0
fi

# What a lost worker has left running still holds this lock; its process group is then surely still its own.
exec 8>"$state/worker.lock"
if ! flock -n 8; then
  read -r pid _ <"$state/worker"
  kill -KILL -- "-$pid" 2>/dev/null || :
  flock -w 10 8 || die "starting the worker: parts of the last one do not end. Build again on a new builder."
fi
exec 8>&-
rm -f "$state/result" "$state"/failed*
run_detached "$state/worker" "$state/work.log" work.sh
printf 'prebake:started\n'

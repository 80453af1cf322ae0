# start <file>...: opens envelopes, merges the plan lines in them, and starts the worker if none runs.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"

# Opens an envelope (README.md, "Envelope") in memory; the seal is checked before anything is decrypted.
open_envelope() { # <name in the inbox> <file for the content>
  local file=$inbox/$1 key=$PREBAKE_WORK/key.pem sender=$TMPDIR/sender secret keys sum
  [[ -e $key ]] || die "opening the envelope $1: this builder has no key. Run hello first."
  (($(stat -c %s "$file") >= 155)) || die "opening the envelope $1: it is too short. Send it again."
  head -c 91 "$file" >"$sender"
  secret=$(openssl pkeyutl -derive -inkey "$key" -peerkey "$sender" -peerform DER 2>/dev/null | hex) || secret=
  ((${#secret} == 64)) || die "opening the envelope $1: it does not begin with a public key. Send it again."
  keys=$(openssl pkeyutl -kdf HKDF -kdflen 64 -pkeyopt md:SHA256 -pkeyopt "hexkey:$secret" -pkeyopt "hexinfo:$(hex <"$sender")" | hex)
  sum=$(head -c -32 "$file" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:${keys:64}" -binary | hex)
  [[ $sum == "$(tail -c 32 "$file" | hex)" ]] ||
    die "opening the envelope $1: its seal (HMAC) does not fit this builder's key, so nothing of it was used. It was altered, or closed for another builder: run hello and use the key that it answers."
  tail -c +108 "$file" | head -c -32 |
    openssl enc -d -aes-256-cbc -K "${keys:0:64}" -iv "$(dd if="$file" bs=1 skip=91 count=16 status=none | hex)" >"$2"
}

# An envelope holds plan lines, or one piece of a file: a line that says of which and where, then its bytes.
merge() { # <file>
  local kind index offset
  IFS=$'\t' read -r kind index offset <"$1"
  if [[ $kind != piece ]]; then
    merge_plan "$1"
    return
  fi
  [[ $index$offset =~ ^[0-9]+$ ]] || die "reading the plan: a piece has no place. Build again: runner and scripts are of different versions."
  { read -r _ && cat >"$plan/.new.$$"; } <"$1"
  mv -f "$plan/.new.$$" "$plan/piece.$index.$offset"
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
  merge "$TMPDIR/opened"
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

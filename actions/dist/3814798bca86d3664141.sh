# seal: checks that everything is there and says so; then `seal finish`, detached, empties the folders that hold state, keys and journals.
# Two halves, because the first one's own command is kept in a folder that the second one empties.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"

# The folders themselves stay: they carry labels. So do image store and snapshotter.
empty() { # <folder>...
  local folder
  shopt -s dotglob
  for folder in "$@"; do
    # A second time for what was written meanwhile.
    rm -rf -- "${folder:?}"/* || { sleep 2 && rm -rf -- "${folder:?}"/*; }
  done
  shopt -u dotglob
}

finish() {
  sleep 10
  # The agent would go on writing, and journald too.
  sheltie systemctl stop host-containers@control.service </dev/null
  sheltie journalctl --relinquish-var </dev/null
  cd "$PREBAKE_HOST_ROOT" || exit
  empty local/host-containers/* local/bootstrap-containers/* local/etc var/log/{journal/*,support,audit,amazon} var/lib/kubelet var/lib/dhcp
  rm -f var/lib/systemd/random-seed var/lib/netdog/*.lease
  rm -f "$mark/log"
  mv -f "$mark/contents" "$mark/sealed"
  sync
}

if [[ ${1:-} == finish ]]; then
  finish
  exit 0
fi

# A seal whose answer was lost may still be at it, or have started its second half, which is on its way to end what this one would look at.
exec 9>"$state/lock"
flock -w 30 9 || die "sealing the volume: another command has held the lock for 30 s. Try again."
if is_alive "$state/sealer"; then
  cat "$state/sealed"
  exit 0
fi

word=
[[ ! -e $state/result ]] || read -r word _ <"$state/result"
[[ $word == 'done' ]] || die "sealing the volume: the worker has not said that it is done. Wait until status says so."

files=0
if find_model; then
  while IFS=$'\t' read -r _ size _ digest path; do
    files=$((files + 1))
    [[ -L $snapshot/$path && -e $snapshot/$path ]] || die "sealing the volume: $path is missing. Run start again, then seal."
    found=$(stat -c %s "$blobs/$digest")
    [[ $found == "$size" ]] || die "sealing the volume: $path has $found bytes instead of $size. Build again."
    # Where the label cannot be seen, stat fails.
    label=$(stat -c %C "$blobs/$digest" 2>/dev/null) || label=
    case $label in
      '' | '?' | *:local_t:s0) ;;
      *) die "sealing the volume: $path is labelled $label, which pods may not be able to read. Please open an issue." ;;
    esac
  done < <(files_by_size)
  rm -rf -- "$blobs"/*.incomplete*
fi

images=0
for line in "$plan"/image.*; do
  IFS=$'\t' read -r _ name tag digest <"$line"
  images=$((images + 1))
  image_ready "$name@$digest" || die "sealing the volume: the image $name@$digest is missing or not unpacked. Run start again, then seal."
  [[ $tag == - ]] || image_ready "$name:$tag" || die "sealing the volume: the image $name:$tag is missing. Run start again, then seal."
done

measure_volume
percent=$((available * 100 / capacity))
# The kubelet deletes images from 85 % on.
((percent >= 20)) ||
  die "sealing the volume: $percent % of $((capacity >> 20)) MiB are free, and below 20 % a node's kubelet deletes images. Choose a larger volume-size."

mkdir -p "$mark"
rm -f "$mark/sealed"
printf 'files=%s images=%s\n' "$files" "$images" >"$mark/contents"
printf 'prebake:sealed free-percent=%s used-bytes=%s files=%s images=%s\n' "$percent" "$((capacity - available))" "$files" "$images" >"$state/sealed"
run_detached "$state/sealer" "$mark/log" seal.sh finish
cat "$state/sealed"

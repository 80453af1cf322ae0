# verify <quick|full> <file>: on an instance that was booted from the snapshot, checks marker, images, links, sizes, and that the files can be read:
# quick the first and the last mebibyte of each; full every digest, also of what containerd keeps of the images. Full takes minutes, so it goes on in the background: ask again while it says `verifying`.
# shellcheck disable=SC2329 # the readers are called by name
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"
mode=${1:-} name=${2:-}
readers=4

check_marker() {
  [[ -d $models ]] || die "verifying the snapshot: the data volume has no /mnt/models; it was made anew at boot (an encrypted data partition is), or is of another snapshot. Build again."
  [[ -e $mark/sealed ]] ||
    die "verifying the snapshot: the second half of seal did not end ($(cat "$mark/log" 2>/dev/null || printf 'no log')). Build again."
}

check_images() {
  local line tag digest
  for line in "$plan"/image.*; do
    IFS=$'\t' read -r _ name tag digest <"$line"
    images=$((images + 1))
    image_ready "$name@$digest" || die "verifying the snapshot: containerd does not have the image $name@$digest complete and unpacked. Build again."
    [[ $tag == - ]] || image_ready "$name:$tag" || die "verifying the snapshot: containerd does not know the image as $name:$tag. Build again."
  done
}

check_file() {
  local file=$snapshot/$path found
  [[ -e $file ]] || die "verifying the snapshot: $path is missing. Build again."
  found=$(stat -L -c %s "$file")
  [[ $found == "$size" ]] || die "verifying the snapshot: $path has $found bytes instead of $size. Build again."
  if [[ $mode == quick ]]; then
    { head -c 1048576 "$file" && tail -c 1048576 "$file"; } >/dev/null || die "verifying the snapshot: $path cannot be read. Build again."
    return
  fi
  found=$(digest_of "$algorithm" "$size" "$file")
  [[ $found == "$digest" ]] || die "verifying the snapshot: the $algorithm of $path is $found instead of $digest. Build again."
  : >"$state/verified.$index"
}

# Each reader takes every fourth file: blocks of a fresh volume come from S3, and one reader alone waits for each.
check_files() { # <reader>
  local count=0 index size algorithm digest path
  while IFS=$'\t' read -r index size algorithm digest path; do
    if ((count++ % readers == $1)); then check_file; fi
  done < <(files_by_size)
}

# Layers and manifests are named by their digest. What this container may not read is left out, and so not counted.
check_blobs() { # <reader>
  local blob sum count=0
  for blob in "${blobs_of_images[@]}"; do
    ((count++ % readers == $1)) || continue
    sum=$(digest_of sha256 0 "$blob")
    [[ $sum == "${blob##*/}" ]] || die "verifying the snapshot: the content sha256:${blob##*/} of an image has the digest $sum. Build again."
  done
}

# Runs a function once for each reader at the same time; the first that fails ends the check.
read_by_all() { # <function>
  local reader pid
  local -a pids=()
  for ((reader = 0; reader < readers; reader++)); do
    "$1" "$reader" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
}

check_all() {
  local images=0 blob
  local -a lines blobs_of_images=()
  check_marker
  check_images
  if find_model; then read_by_all check_files; fi
  if [[ $mode == background ]]; then
    for blob in "$PREBAKE_HOST_ROOT"/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256/*; do
      [[ ! -r $blob ]] || blobs_of_images+=("$blob")
    done
    ((${#blobs_of_images[@]} == 0)) || read_by_all check_blobs
  fi
  lines=("$plan"/file.*)
  printf 'prebake:verified files=%s images=%s%s\n' "${#lines[@]}" "$images" "${blobs_of_images:+ blobs=${#blobs_of_images[@]}}"
}

[[ $mode == quick || $mode == full || $mode == background ]] || die "verifying the snapshot: '$mode' is no way to do it. Say quick or full."
if [[ $mode == background ]]; then
  check_all
  exit 0
fi
[[ ! -e $inbox/$name ]] || merge_plan "$inbox/$name"
if [[ $mode == quick ]]; then
  check_all
  exit 0
fi

if [[ ! -e $state/verifier ]]; then run_detached "$state/verifier" "$state/verify.log" verify.sh background; fi
for ((look = 0; look < 20; look++)); do
  is_alive "$state/verifier" || break
  sleep 1
done
if is_alive "$state/verifier"; then
  lines=("$plan"/file.*)
  checked=("$state"/verified.*)
  printf 'prebake:verifying files=%s/%s\n' "${#checked[@]}" "${#lines[@]}"
  exit 0
fi
cat "$state/verify.log"
while read -r line; do
  case $line in 'prebake:verified '*) exit 0 ;; esac
done <"$state/verify.log"
exit 1

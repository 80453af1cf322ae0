# Says in one line how far the worker is (README.md, "What a command answers"). Looks only, and cheaply: it runs every few seconds.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"

detail=
if [[ -e $state/result ]]; then
  read -r word detail <"$state/result"
elif is_alive "$state/worker"; then
  word=running
elif [[ -e $state/worker ]]; then
  word=gone detail='the worker ended without a word; start resumes it'
else
  word=idle
fi

files=0 files_done=0 bytes=0 bytes_done=0 wants=
if find_model; then
  while IFS=$'\t' read -r index size _ digest path; do
    files=$((files + 1)) bytes=$((bytes + size))
    if [[ -e $snapshot/$path ]]; then
      files_done=$((files_done + 1)) bytes_done=$((bytes_done + size))
      continue
    fi
    # Looked at in this order: a check first gives the blob its name, and then deletes what it knew of ranges.
    arrived=0
    for part in "$blobs/$digest.incomplete.d"/*; do arrived=$((arrived + ${part##*-})); done
    [[ ! -e $blobs/$digest ]] || arrived=$size
    bytes_done=$((bytes_done + arrived))
    if ((size > 0)) && [[ ! -e $plan/address.$index && ! -e $blobs/$digest ]]; then
      count_pieces "$index"
      ((arrived == size)) || wants+=,$index
    fi
  done < <(files_by_size)
fi

images=("$plan"/image.*)
images_done=("$state"/image.*)
wants=${wants#,}
printf 'prebake:status state=%s files=%s/%s bytes=%s/%s images=%s/%s wants=%s kubelet=%s detail=%s\n' "$word" "$files_done" "$files" \
  "$bytes_done" "$bytes" "${#images_done[@]}" "${#images[@]}" "${wants:--}" "$(kubelet_state)" "$detail"

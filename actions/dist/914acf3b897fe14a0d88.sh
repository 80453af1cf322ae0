# The worker: pulls the images and downloads the files at the same time. Runs detached, in a session of its own, and ends with one line in `result`.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"
# shellcheck source=fetch.sh
. "$bin/fetch.sh"
# shellcheck source=complete.sh
. "$bin/complete.sh"

# give_up <what was tried: what happened. What to do.>: the first reason counts; it ends all that the worker has running.
give_up() {
  printf '%s\n' "$*" >"$state/failed.$BASHPID"
  ln "$state/failed.$BASHPID" "$state/failed" 2>/dev/null || :
  kill -USR1 $$
}
unexpected() {
  give_up "running the worker: line $2 ended with $1 ($3). Please open an issue with this line."
  exit 1
}
finish() { # <done | failed <why>>
  printf '%s\n' "$*" >"$state/result.new"
  mv -f "$state/result.new" "$state/result"
  kill -KILL -- "-$$"
}
trap 'finish failed "$(<"$state/failed")"' USR1

pull_images() {
  local line platform name tag digest
  for line in "$plan"/image.*; do
    [[ ! -e $state/${line##*/} ]] || continue
    IFS=$'\t' read -r platform name tag digest <"$line"
    pull_image || return 0
    : >"$state/${line##*/}"
  done
}

# The kubelet's own program for ECR passwords, which every Kubernetes variant has; it asks with the instance's role.
ecr_plugin=/usr/libexec/kubernetes/kubelet/plugins/ecr-credential-provider

# Prints name:password for the registry of an image, or nothing where none is needed; fails with the reason in pull.log.
login_for() { # <image's name>
  local registry=${1%%/*} word answer
  if [[ -e $plan/login.$registry ]]; then
    IFS=$'\t' read -r _ word <"$plan/login.$registry"
    printf '%s' "$word" | base64 -d
  elif [[ $registry =~ ^[0-9]{12}\.dkr[.-]ecr(-fips)?\.[a-zA-Z0-9][a-zA-Z0-9_-]*\.(amazonaws\.(com(\.cn)?|eu)|on\.(aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$ ]]; then
    answer=$(printf '{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest","image":"%s"}' "$1" |
      sheltie env HOME=/root "$ecr_plugin" 2>"$state/pull.log") || return 1
    [[ $answer =~ \"password\"[[:space:]]*:[[:space:]]*\"([^\"\\]+)\" ]] || { echo 'its answer holds no password' >"$state/pull.log" && return 1; }
    printf 'AWS:%s' "${BASH_REMATCH[1]}"
  fi
}

# Pulls by digest, with labels that make it the kubelet's and keep its garbage collection away; the tag becomes a second name.
pull_image() {
  local try login ref=$name@$digest names=("$name@$digest") labels=(io.cri-containerd.image=managed io.cri-containerd.pinned=pinned)
  local options
  for ((try = 1; ; try++)); do
    if image_ready "$ref"; then break; fi
    if login=$(login_for "$name"); then
      options=(--label "${labels[0]}" --label "${labels[1]}" --platform "$platform")
      case $name in 127.0.0.1[:/]* | localhost[:/]*) options+=(--plain-http) ;; esac
      # For as long as the pull takes, it is in the process list of a machine that runs nothing else.
      if [[ $login ]]; then options+=(--user "$login"); fi
      if ctr images pull "${options[@]}" "$ref" >"$state/pull.log" 2>&1 && image_ready "$ref"; then break; fi
      if [[ $(<"$state/pull.log") == *'no space left'* ]]; then
        measure_volume
        give_up "pulling the image $ref: the data volume is full; $((available >> 20)) of $((capacity >> 20)) MiB are free. Choose a larger volume-size."
        return 1
      fi
    elif ((try == 4)); then
      give_up "asking the host's credential provider for the password of ${name%%/*}: $(tail -n 1 "$state/pull.log"). The instance profile's role needs AmazonEC2ContainerRegistryReadOnly; or give registry-credentials."
      return 1
    fi
    if ((try == 4)); then
      give_up "pulling the image $ref: $(tail -n 1 "$state/pull.log"). Check that it exists and that the builder may read it${login:+ with the credentials for ${name%%/*}}."
      return 1
    fi
    sleep $((try * ${PREBAKE_PULL_PAUSE:-5}))
  done
  if [[ $tag != - ]]; then
    ctr images tag --force "$ref" "$name:$tag" >/dev/null
    names+=("$name:$tag")
  fi
  # Said again: a tag made by the transfer service, or an image that was there before, has no labels.
  for ref in "${names[@]}"; do ctr images label "$ref" "${labels[@]}" >/dev/null; done
}

prepare() {
  local index size digest
  mkdir -p "$blobs" "$snapshot"
  # As Hugging Face's own client does it: no ref for a commit.
  if [[ $revision != "$commit" ]]; then
    mkdir -p "$(dirname "$repository/refs/$revision")"
    printf '%s' "$commit" >"$repository/refs/$revision"
  fi
  while IFS=$'\t' read -r index size _ digest _; do
    [[ -e $blobs/$digest.incomplete ]] || rm -rf "$blobs/$digest.incomplete.d"
    if [[ -e $blobs/$digest ]]; then reverify; fi
  done < <(files_by_size)
}

# A blob that was checked since this memory exists, and has its size, is believed. Another one may have been cut off or altered when the memory was lost:
# it becomes ranges that have arrived, so that a downloader checks it, and downloads it again if need be.
reverify() {
  local part=$blobs/$digest.incomplete start
  if [[ $(stat -c %s "$blobs/$digest") == "$size" ]]; then
    [[ ! -e $state/checked.$digest ]] || return 0
    if ((size > 0)) && [[ ! -e $plan/piece.$index.0 ]]; then
      mkdir -p "$part.d"
      for ((start = 0; start < size; start += chunk)); do : >"$part.d/$start-$((size - start < chunk ? size - start : chunk))"; done
      mv -f "$blobs/$digest" "$part"
      return
    fi
  fi
  rm -f "$blobs/$digest"
}

check_space() {
  local needed=0 size digest path part
  while IFS=$'\t' read -r _ size _ digest path; do
    [[ ! -e $snapshot/$path ]] || continue
    needed=$((needed + size))
    for part in "$blobs/$digest.incomplete.d"/*; do needed=$((needed - ${part##*-})); done
  done < <(files_by_size)
  measure_volume
  ((needed <= available)) ||
    give_up "downloading the model: the files that are missing need $((needed >> 20)) MiB and $((available >> 20)) MiB are free. Choose a larger volume-size."
}

all_done() {
  local line path
  while IFS=$'\t' read -r _ _ _ _ path; do
    [[ -e $snapshot/$path ]] || return 1
  done < <(files_by_size)
  for line in "$plan"/image.*; do
    [[ -e $state/${line##*/} ]] || return 1
  done
}

exec 8>"$state/worker.lock" 9>"$state/lock"
flock -w 10 8
rm -rf "$state"/mismatch.* "$state"/whole.* "$state"/refused.* "$state"/image.*
connections=8 chunk=$((64 << 20))
[[ ! -e $plan/parallel ]] || read -r connections <"$plan/parallel"
[[ ! -e $plan/chunk ]] || read -r chunk <"$plan/chunk"

# More than one round when lines arrive at the very end, or a connection is killed; the bound is for what should never be.
for ((round = 1; round <= 20; round++)); do
  rm -rf "$state"/claim.*
  pull_images &
  if find_model; then
    prepare
    check_space
    for ((connection = 0; connection < connections; connection++)); do
      downloader &
    done
  fi
  wait
  flock 9
  if all_done; then
    # A range that came too late has made its partial file again.
    if find_model; then rm -rf -- "$blobs"/*.incomplete*; fi
    finish 'done'
  fi
  flock -u 9
done
give_up 'running the worker: it found no end in 20 rounds. Please open an issue.'

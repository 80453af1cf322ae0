# shellcheck shell=bash
# shellcheck disable=SC2034 # the variables are for the scripts that source this file
# Common to all scripts on the builder: paths, the error line, the plan, and questions to the host.
set -Eeuo pipefail
shopt -s nullglob
umask 022
export LC_ALL=C
export PREBAKE_HOST_ROOT=${PREBAKE_HOST_ROOT:-/.bottlerocket/rootfs} PREBAKE_WORK=${PREBAKE_WORK:-/dev/shm/prebake}

bin=$PREBAKE_WORK/bin inbox=$PREBAKE_WORK/inbox plan=$PREBAKE_WORK/plan state=$PREBAKE_WORK/state
models=$PREBAKE_HOST_ROOT/mnt/models
mark=$models/.prebake
# bash may keep here-documents in files, and the container's own /tmp lies on the data volume.
export TMPDIR=$PREBAKE_WORK/tmp
mkdir -p "$plan" "$state" "$TMPDIR"

# die <what was tried: what happened. What to do.>
die() {
  printf 'prebake:error %s\n' "$*" >&2
  ((BASH_SUBSHELL)) || exit 1
  exit 97 # tells the shell around it that the error has been told
}

unexpected() { # <exit code> <line> <command>
  # 141 and 143 are SIGPIPE and SIGTERM: the client was taken for dead and the command ended with it, which says nothing of the work.
  (($1 == 97 || $1 == 141 || $1 == 143)) || printf 'prebake:error running %s: line %s ended with %s (%s). Please open an issue with this line.\n' "${0##*/}" "$2" "$1" "$3" >&2
  ((BASH_SUBSHELL)) || exit 1
  exit 97
}
trap 'unexpected $? $LINENO "$BASH_COMMAND"' ERR

# Merges plan lines into one file per line, so that a reader never sees half of one and a later line replaces an earlier one.
merge_plan() { # <file>
  local key IFS=$'\t'
  local -a field
  while read -r -a field || ((${#field[@]})); do
    ((${#field[@]})) || continue
    case ${field[0]}-${#field[@]} in
      model-4 | parallel-2 | chunk-2) key=${field[0]} ;;
      file-6) check_file_line "${field[@]:1}" && key=file.${field[1]} ;;
      address-3) key=address.${field[1]} ;;
      login-3) [[ ${field[1]} =~ ^[a-zA-Z0-9.:_-]+$ ]] && key=login.${field[1]} ;;
      packed-3) [[ ${field[1]}${field[2]} =~ ^[0-9]+$ ]] && key=packed.${field[1]} ;;
      image-5) key=image.${field[2]//[^a-zA-Z0-9]/_}.${field[4]#*:} ;;
      *) die "reading the plan: it has an unknown line, ${field[0]} with ${#field[@]} fields. Build again: runner and scripts are of different versions." ;;
    esac
    # A command whose answer was lost may be at the same.
    printf '%s\n' "${field[*]:1}" >"$plan/.new.$$"
    mv -f "$plan/.new.$$" "$plan/$key"
  done <"$1"
}

# A digest and a path become names on the volume.
check_file_line() { # <index> <size> <algorithm> <digest> <path>
  [[ $1$2 =~ ^[0-9]+$ && $3 =~ ^(sha256|git-sha1)$ && $4 =~ ^[0-9a-f]{40,64}$ && /$5/ != */../* && $5 != /* ]] ||
    die "reading the plan: the line of file $5 is malformed. Build again: runner and scripts are of different versions."
}

# Lines of all files, the largest first: index, size, algorithm, digest, path.
files_by_size() {
  local -a lines=("$plan"/file.*)
  ((${#lines[@]} == 0)) || sort -t $'\t' -k 2,2nr -- "${lines[@]}"
}

# Sets the folders of the model in the layout of Hugging Face's cache; fails when the plan names none.
find_model() {
  local name
  [[ -e $plan/model ]] || return 1
  IFS=$'\t' read -r name commit revision <"$plan/model"
  repository=$models/hf-cache/hub/models--${name//\//--}
  blobs=$repository/blobs snapshot=$repository/snapshots/$commit
}

# Sets `arrived` and `expected`: of what the runner sends for a file, how many bytes are here without a gap, and how many there are in all.
count_pieces() { # <index> <size>
  local name size
  local -A sizes=()
  arrived=0 expected=$2
  [[ ! -e $plan/packed.$1 ]] || IFS=$'\t' read -r _ expected <"$plan/packed.$1"
  [[ -e $plan/piece.$1.0 ]] || return 0
  while read -r name size; do sizes[${name##*.}]=$size; done < <(stat -c '%n %s' -- "$plan/piece.$1".*)
  while ((${sizes[$arrived]:-0} > 0)); do arrived=$((arrived + sizes[$arrived])); done
}

# Neither gzip nor an openssl with zlib can be counted on in the admin container, but curl inflates what comes by HTTP: here from a server of one answer, at a socket in memory.
inflate() { # <gzip file> <target>
  local folder=$TMPDIR/inflate.$BASHPID look ok=0
  mkdir -p "$folder"
  { printf 'HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %s\r\n\r\n' "$(stat -c %s "$1")" && cat -- "$1"; } >"$folder/answer"
  # A socket's path may have 107 characters: both sides use a short one.
  (cd "$folder" && exec openssl s_server -quiet -unix socket -cert "$PREBAKE_WORK/certificate.pem" -key "$PREBAKE_WORK/key.pem" -HTTP -naccept 1 </dev/null >/dev/null 2>&1 9>&-) &
  for ((look = 0; look < 400; look++)); do
    [[ ! -S $folder/socket ]] || break
    sleep 0.05
  done
  (cd "$folder" && curl -sS -f -k --max-time 60 --unix-socket socket --compressed https://builder/answer 2>/dev/null) >"$2" || ok=1
  kill $! 2>/dev/null || :
  rm -rf "$folder"
  return "$ok"
}

# By openssl: it uses the processor's SHA instructions, which coreutils' own programs do not.
digest_of() { # <algorithm> <size> <file>
  local sum
  case $1 in
    sha256) sum=$(openssl dgst -sha256 -r <"$3") ;;
    git-sha1) sum=$({ printf 'blob %s\0' "$2" && cat -- "$3"; } | openssl dgst -sha1 -r) ;;
  esac
  printf '%s' "${sum%% *}"
}

# Sets `capacity` and `available` of the data volume, in bytes.
measure_volume() {
  { read -r _ && read -r capacity available; } < <(df -B1 --output=size,avail "$PREBAKE_HOST_ROOT/mnt")
}

ctr() { sheltie ctr -a /run/containerd/containerd.sock -n k8s.io "$@" </dev/null; }

# Downloaded in full and unpacked: `check` tells both, `ls` neither.
image_ready() { [[ $(ctr images check -q "name==$1") == "$1" ]]; }

kubelet_state() { sheltie systemctl is-active kubelet.service </dev/null || :; }

# Reads a value from a file of NAME=value lines.
value_of() { # <name> <file>
  local name value
  while IFS='=' read -r name value; do
    if [[ $name == "$1" ]]; then printf '%s' "${value//\"/}"; fi
  done <"$2"
}

# When a process started, in clock ticks since boot; fails when it has ended. With the pid it names one process for ever.
start_time() { # <pid>
  local line
  if [[ ! -e /proc/self/stat ]]; then
    kill -0 "$1" 2>/dev/null && printf 0
    return
  fi
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -f
  # shellcheck disable=SC2086 # split into fields, from the third on: the second may hold blanks
  set -- ${line##*) }
  set +f
  [[ $1 != Z ]] && printf '%s' "${20}"
}

# Whether the process still lives that a file names by pid and start time.
is_alive() { # <file>
  local pid started now
  [[ -e $1 ]] || return 1
  read -r pid started <"$1"
  now=$(start_time "$pid") && [[ $now == "$started" ]]
}

# Runs a script of this folder that outlives the command: own session, no descriptor of the command kept open.
run_detached() { # <file for pid and start time> <log> <script> <arguments>...
  local pid file=$1 log=$2 script=$3
  shift 3
  setsid bash "$bin/$script" "$@" </dev/null >"$log" 2>&1 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid" || printf 0)" >"$file.new.$$"
  mv -f "$file.new.$$" "$file"
}

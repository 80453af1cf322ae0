# Checks every outside assumption of the other scripts and changes nothing: one line each, exit 1 if one fails.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"

failed=0
row() { # <ok|FAIL> <name> <detail>
  printf 'prebake:probe %s %s %s\n' "$1" "$2" "$3"
  [[ $1 == ok ]] || failed=1
}
# judge <name> <detail> <command>...: ok when the command succeeds
judge() {
  local name=$1 detail=$2
  shift 2
  if "$@" >/dev/null 2>&1; then row ok "$name" "$detail"; else row FAIL "$name" "$detail"; fi
}

judge bash "$BASH_VERSION" test "$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))" -ge 402

missing=
for tool in base64 cat curl dd df dirname flock head ln mkdir mv od openssl rm rmdir setsid sleep sort stat sync tail tr; do
  command -v "$tool" >/dev/null || missing+=" $tool"
done
judge tools "${missing:-all there}" test -z "$missing"

version=$(openssl version 2>&1 || :)
judge openssl "${version%% (*}" openssl version
version=$(curl --version 2>&1 || :)
judge curl "${version%% (*}" test "${version#*https}" != "$version"

kind=$(stat -f -c %T "$PREBAKE_WORK" 2>&1 || :)
judge work-folder "$PREBAKE_WORK is on $kind" test "$kind" = tmpfs

if [[ -w $PREBAKE_HOST_ROOT/mnt ]]; then row ok host-root "$PREBAKE_HOST_ROOT/mnt can be written"; else row FAIL host-root "$PREBAKE_HOST_ROOT/mnt cannot be written"; fi

# An encrypted data partition is locked to this machine or made anew at each boot: a snapshot of it is worthless.
device=$({ read -r _ && read -r line && printf '%s' "$line"; } < <(df --output=source "$PREBAKE_HOST_ROOT/mnt" 2>&1) || :)
case $device in
  /dev/mapper/* | /dev/dm-*) row FAIL data-volume "$device is encrypted by the machine itself" ;;
  /dev/*) row ok data-volume "$device" ;;
  *) row FAIL data-volume "${device:-no file system}" ;;
esac

label=$(stat -c %C "$PREBAKE_HOST_ROOT/mnt" 2>&1 || :)
case $label in
  *:local_t:s0) row ok label "$label" ;;
  *:*_t:*) row FAIL label "$label, pods may not be able to read what lies there" ;;
  *) row ok label 'cannot be seen from here' ;;
esac

version=
for file in etc/os-release usr/lib/os-release; do
  [[ $version || ! -r $PREBAKE_HOST_ROOT/$file ]] || version=$(value_of PRETTY_NAME "$PREBAKE_HOST_ROOT/$file")
done
judge bottlerocket "${version:-no os-release}" test "${version#Bottlerocket}" != "$version"

words=$(ctr version 2>&1 || :)
server=${words#*Server:}
detail=${server//[[:space:]]/ }
[[ $server != "$words" ]] || detail=${words##*$'\n'}
judge containerd "${detail:-no answer}" test "$server" != "$words"

# Images are unpacked for ctr's default snapshotter; for another one they would have to be unpacked again.
snapshotter=
if [[ -r $PREBAKE_HOST_ROOT/etc/containerd/config.toml ]]; then
  while read -r name _ value; do
    [[ $name != snapshotter ]] || snapshotter=${value//\"/}
  done <"$PREBAKE_HOST_ROOT/etc/containerd/config.toml"
fi
case $snapshotter in
  overlayfs) row ok snapshotter "$snapshotter" ;;
  '') row ok snapshotter "not stated, so it is containerd's default" ;;
  *) row FAIL snapshotter "$snapshotter instead of overlayfs" ;;
esac

words=$(kubelet_state 2>&1)
case $words in
  active | inactive | activating | deactivating | failed) row ok systemd "kubelet is $words" ;;
  *) row FAIL systemd "${words##*$'\n'}" ;;
esac

# The dead-man switch and the second half of seal need them, long after this.
for program in systemd-run journalctl; do
  words=$(sheltie "$program" --version 2>&1 </dev/null) && ok=ok || ok=FAIL
  row "$ok" "$program" "${words%%$'\n'*}"
done

measure_volume 2>/dev/null || available=
judge free-space "${available:-unknown} bytes" test "${available:-0}" -gt 0
exit "$failed"

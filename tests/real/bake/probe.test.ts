import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { initializeBuilder, probeBuilder } from '../../../packages/snapshot/src/builder/initialize-builder.ts'
import type { BuilderSession } from '../../../packages/snapshot/src/builder/run-on-builder.ts'
import type { RealNode } from './node/start-node.ts'
import { startScene, type Scene } from './start-scene.ts'

/** One machine, of which one thing after the other is broken and restored. */
let scene: Scene
let node: RealNode
let session: BuilderSession

beforeAll(async () => {
  scene = await startScene({ withImage: false })
  const { builders, clock } = scene.ports
  const spec = { dataVolume: {}, tags: {} } as unknown as Parameters<typeof builders.launch>[0]
  const { instanceId } = await builders.launch(spec, AbortSignal.timeout(60_000))
  node = scene.cloud.node(instanceId)
  session = { instanceId, builders, clock, signal: AbortSignal.timeout(150_000) }
})

afterAll(() => scene?.[Symbol.asyncDispose]())

const shell = async (script: string) => {
  const { code, output } = await node.enter('bash', '-euc', script)
  if (code !== 0) throw new Error(`${script}: ${output}`)
}

/** The table of the error, without what holds. */
async function brokenRows(): Promise<string[]> {
  const error = await probeBuilder(session, scene.ports.reporter).then(
    () => undefined,
    (failure: Error) => failure,
  )
  if (error === undefined) return []
  expect(error.message).toMatch(/^Probe the builder i-\d+: some assumptions failed\n( {2}(ok|FAIL) [a-z-]+ .*\n?)+$/)
  return error.message.split('\n').filter((row) => row.startsWith('  FAIL'))
}

test('all holds on a machine that is as it should be', async () => {
  expect(await brokenRows()).toEqual([])
  expect(scene.log.at(-1)).toMatch(/^Probe: 1\d assumptions hold$/)
})

const away = (file: string) => [`mv ${file} ${file}.away`, `mv ${file}.away ${file}`] as const
const replaced = (file: string, script: string) =>
  [`mv ${file} ${file}.away && printf '%s\n' '#!/bin/bash' '${script}' >${file} && chmod 755 ${file}`, `mv ${file}.away ${file}`] as const
const admin = '$NODE/host/var/lib/host-containerd/admin'

test.each([
  ['a tool is missing', ...away('$TOOLS/admin/flock'), [/FAIL tools {2}flock$/]],
  ['curl has no https', ...replaced('$TOOLS/admin/curl', 'echo curl 8.3.0; echo Protocols: file http'), [/FAIL curl curl 8\.3\.0/]],
  [
    'the volume is read-only',
    `mount -o remount,bind,ro ${admin}/.bottlerocket/rootfs/mnt`,
    `mount -o remount,bind,rw ${admin}/.bottlerocket/rootfs/mnt`,
    [/FAIL host-root \/\.bottlerocket\/rootfs\/mnt cannot be written/],
  ],
  [
    'the label is another one',
    'setfattr -n security.selinux -v system_u:object_r:var_t:s0 /mnt',
    'setfattr -n security.selinux -v system_u:object_r:local_t:s0 /mnt',
    [/FAIL label system_u:object_r:var_t:s0, pods may not be able to read what lies there/],
  ],
  [
    'the label has categories',
    'setfattr -n security.selinux -v system_u:object_r:local_t:s0:c1,c2 /mnt',
    'setfattr -n security.selinux -v system_u:object_r:local_t:s0 /mnt',
    [/FAIL label system_u:object_r:local_t:s0:c1,c2/],
  ],
  ['ctr is missing on the host', ...away('$TOOLS/host/ctr'), [/FAIL containerd .*ctr.*No such file/]],
  ['containerd does not answer', ...away('/run/containerd/containerd.sock'), [/FAIL containerd ctr: .*containerd\.sock/]],
  [
    'images are unpacked for another snapshotter',
    'sed -i s/overlayfs/soci/ $NODE/host/etc/containerd/config.toml',
    'sed -i s/soci/overlayfs/ $NODE/host/etc/containerd/config.toml',
    [/FAIL snapshotter soci instead of overlayfs/],
  ],
  ['systemd cannot be asked', ...away('$TOOLS/host/systemctl'), [/FAIL systemd .*systemctl/]],
  ['there is no timer to end the machine with', ...away('$TOOLS/host/systemd-run'), [/FAIL systemd-run .*No such file/]],
  ['the journal cannot be moved off the volume', ...away('$TOOLS/host/journalctl'), [/FAIL journalctl .*No such file/]],
  [
    'the data partition is encrypted by the machine',
    ...replaced('$TOOLS/admin/df', 'case $* in *source*) printf "Filesystem\\n/dev/mapper/data\\n" ;; *) exec /usr/bin/df "$@" ;; esac'),
    [/FAIL data-volume \/dev\/mapper\/data is encrypted by the machine itself/],
  ],
  [
    'it is not Bottlerocket',
    'cp $NODE/host/etc/os-release /run/kept && sed -i s/Bottlerocket/Debian/ $NODE/host/etc/os-release',
    'cp /run/kept $NODE/host/etc/os-release',
    [/FAIL bottlerocket Debian OS/],
  ],
  [
    'two things at once',
    'mv $TOOLS/admin/flock /run/flock && mv $TOOLS/host/ctr /run/ctr',
    'mv /run/flock $TOOLS/admin/flock && mv /run/ctr $TOOLS/host/ctr',
    [/FAIL tools {2}flock$/, /FAIL containerd/],
  ],
])('probe says it when %s', async (_, breaking, restoring, rows) => {
  await shell(breaking)
  try {
    const broken = await brokenRows()
    expect(broken).toHaveLength(rows.length)
    for (const [index, row] of rows.entries()) expect(broken[index]).toMatch(row)
  } finally {
    await shell(restoring)
  }
})

test('init refuses a machine whose kubelet cannot be stopped', async () => {
  const [breaking, restoring] = replaced('$TOOLS/host/systemctl', 'case $1 in is-active) echo active ;; esac')
  await shell(breaking)
  try {
    await expect(initializeBuilder(session, 60_000)).rejects.toThrow('stopping the kubelet: it is still active.')
  } finally {
    await shell(restoring)
  }
})

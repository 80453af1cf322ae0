import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { composeCommand } from '../../../packages/snapshot/src/builder/compose-command.ts'
import { requireOnBuilder } from '../../../packages/snapshot/src/builder/run-on-builder.ts'
import { onBuilder, type RealBuilder } from './on-builder.ts'
import { startScene, type Scene } from './start-scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await startScene()
})

afterAll(() => scene?.[Symbol.asyncDispose]())

/** What a builder's volume holds of state, keys and journals (facts B11), by what must become of it. */
const empties = [
  'local/host-containers/admin',
  'local/host-containers/control',
  'local/bootstrap-containers/prefetch',
  'local/etc',
  'var/log/journal/5d1f3c',
  'var/log/support',
  'var/log/audit',
  'var/log/amazon',
  'var/lib/kubelet',
  'var/lib/dhcp',
]
const removed = ['var/lib/systemd/random-seed', 'var/lib/netdog/eth0.lease']
const stays = [
  'var/lib/containerd/io.containerd.grpc.v1.introspection/uuid',
  'var/lib/soci-snapshotter/index.db',
  'var/lib/netdog/config',
  'mnt/cache/kept',
  'opt/kept',
]
const secretLabel = 'system_u:object_r:secret_t:s0'

/** Puts a file, a hidden one, a folder and a name with blanks into each folder, and a label of its own onto the folder. */
const furnish = `cd $NODE/host
  for folder in ${empties.join(' ')}; do
    mkdir -p $folder/deep/er && touch $folder/file $folder/.hidden "$folder/two words" $folder/deep/er/file
    setfattr -n security.selinux -v ${secretLabel} $folder
  done
  mkdir -p var/lib/netdog var/lib/soci-snapshotter var/lib/containerd/io.containerd.grpc.v1.introspection mnt/cache opt
  touch ${removed.join(' ')} ${stays.join(' ')}`

const seal = async ({ session }: RealBuilder) =>
  (await requireOnBuilder(session, 'seal', composeCommand('seal.sh', []))).lines.get('sealed')?.[0]

test('seal answers before anything is emptied; then the control container is stopped, and the list is emptied item by item', async () => {
  await onBuilder(scene, async (builder) => {
    const { watch, shell } = builder
    await watch()
    const images = await shell('ctr -n k8s.io images ls -q')
    await shell(furnish)
    expect(await seal(builder)).toMatch(/^free-percent=\d+ used-bytes=\d+ files=8 images=1$/)

    // The agent still has what it needs to bring the answer back.
    const folders = 'cd $NODE/host/local/host-containers/control/ssm/document/orchestration && ls | wc -l'
    expect(Number(await shell(folders))).toBeGreaterThan(2)
    expect(await shell('cat $NODE/units/host-containers@control.service')).toBe('active\n')
    expect(await shell('ls /mnt/models/.prebake')).toBe('contents\nlog\n')

    // In the very moment of the marker, all has been done.
    const lists = `for ((look = 0; look < 600; look++)); do
        [[ ! -e /mnt/models/.prebake/sealed ]] || break
        sleep 0.05
      done
      cd $NODE/host && for folder in ${empties.join(' ')}; do echo "$folder:$(ls -A $folder)"; done`
    expect((await shell(lists)).trim().split('\n')).toEqual(empties.map((folder) => `${folder}:`))
    const labels = await shell(
      `cd $NODE/host && for folder in ${empties.join(' ')}; do getfattr --only-values -n security.selinux $folder; echo; done`,
    )
    expect(labels.trim().split('\n')).toEqual(empties.map(() => secretLabel))
    expect(await shell(`cd $NODE/host && ls ${removed.join(' ')} 2>/dev/null || :`)).toBe('')
    expect((await shell(`cd $NODE/host && ls ${stays.join(' ')}`)).trim().split('\n').sort()).toEqual([...stays].sort())
    expect(await shell('cat $NODE/units/host-containers@control.service')).toBe('inactive\n')
    expect(await shell('ls -A /mnt/models/.prebake')).toBe('sealed\n')
    expect(await shell('cat /mnt/models/.prebake/sealed')).toBe('files=8 images=1\n')
    expect(await shell('ctr -n k8s.io images ls -q')).toBe(images)
    expect(await shell('find $MODEL -name "*.incomplete*"')).toBe('')
  })
})

test('seal refuses what is not done, and a file that a pod may not read', async () => {
  await onBuilder(scene, async (builder) => {
    await expect(seal(builder)).rejects.toThrow('sealing the volume: the worker has not said that it is done.')
    await builder.watch()
    await builder.shell(
      'setfattr -n security.selinux -v system_u:object_r:cache_t:s0 $MODEL/blobs/$(basename $(readlink $MODEL/snapshots/*/config.json))',
    )
    await expect(seal(builder)).rejects.toThrow(
      'sealing the volume: config.json is labelled system_u:object_r:cache_t:s0, which pods may not be able to read.',
    )
  })
})

test('the dead-man timer is set once, for twice the bake’s limit, and ends the machine by itself', async () => {
  await onBuilder(scene, async ({ session, node, shell }) => {
    const timer = await shell('cat $NODE/units/prebake-poweroff.line')
    expect(timer).toBe(`${(scene.request.timeoutMs * 2) / 1000} systemctl poweroff\n`)
    // A second one, that goes off while we look; it is the host that runs it, not the container.
    await shell('rm $NODE/units/prebake-poweroff.timer')
    await requireOnBuilder(session, 'init', composeCommand('init.sh', ['2']))
    await node.ended
  })
})

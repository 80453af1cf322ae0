import { setTimeout as sleep } from 'node:timers/promises'
import { makePause } from '../world/make-pause.ts'
import type { World } from '../world/start-world.ts'

/**
 * Puts a node without pods under disk pressure, on which its kubelet deletes every image that no container uses and that is not pinned, as a bake pins its own.
 * @returns the names of baked images before, and of those that are left when an image without pins has been deleted
 * @throws Error when that one is not deleted within five minutes
 */
export async function putUnderDiskPressure(
  { folder, plane, nodes }: World,
  name: string,
): Promise<{ readonly baked: readonly string[]; readonly left: readonly string[] }> {
  const machine = nodes.machines.get(name)
  if (machine === undefined) throw new Error(`Put ${name} under disk pressure: there is no such machine.`)
  // Empty as it is, Karpenter would take it away meanwhile.
  await plane.api.patch(`/api/v1/nodes/${name}`, { metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } } })
  const ctr = (...args: readonly string[]) => machine.enter('ctr', '--namespace', 'k8s.io', 'images', ...args).output
  const images = (part: string) =>
    ctr('ls', '--quiet')
      .split('\n')
      .filter((each) => each.includes(part))
  const baked = images('/vllm')
  ctr('import', '--base-name', 'docker.io/other/unused', makePause(folder, 'unused'))
  if (images('/unused').length !== 1) throw new Error(`Put ${name} under disk pressure: the image without pins is not there.`)
  // No volume has so much room: the threshold is met at once. By default an image is safe for its first two minutes.
  machine.configure({ imageMinimumGCAge: '1s', evictionHard: { 'imagefs.available': '99%', 'nodefs.available': '1%' } })
  for (let looks = 0; looks < 1200; looks++) {
    if (images('/unused').length === 0) return { baked, left: images('/vllm') }
    await sleep(250)
  }
  throw new Error(`Put ${name} under disk pressure: after five minutes its kubelet has deleted nothing.`)
}

import { expect } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePause } from '../world/make-pause.ts'
import type { World } from '../world/start-world.ts'

/** Puts a node without pods under disk pressure, on which its kubelet deletes every image that no container uses and that is not pinned, as a bake pins its own. */
export async function holdImagesToTheirPins({ folder, plane, nodes }: World, name: string): Promise<void> {
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
  expect(baked).toHaveLength(2)
  ctr('import', '--base-name', 'docker.io/other/unused', makePause(folder, 'unused'))
  expect(images('/unused')).toHaveLength(1)
  // No volume has so much room: the threshold is met at once.
  machine.configure({ evictionHard: { 'imagefs.available': '99%', 'nodefs.available': '1%' } })
  for (let looks = 0; looks < 480 && images('/unused').length > 0; looks++) await sleep(250)
  expect(images('/unused')).toEqual([])
  expect(images('/vllm')).toEqual(baked)
}

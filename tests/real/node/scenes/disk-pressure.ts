import { expect } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../../cluster/parts/api.ts'
import type { World } from '../world/start-world.ts'

interface Node extends ApiObject {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] }
}

const pinned = 'io.cri-containerd.pinned'

/**
 * Puts a node without pods under disk pressure, on which its kubelet deletes every image that no container uses and that is not pinned; and once more without
 * the pins that a bake has set.
 */
export async function holdImagesToTheirPins({ plane, nodes }: World, name: string): Promise<void> {
  const machine = nodes.machines.get(name)
  if (machine === undefined) throw new Error(`Put ${name} under disk pressure: there is no such machine.`)
  const ctr = (...args: readonly string[]) => machine.enter('ctr', '--namespace', 'k8s.io', 'images', ...args).output
  const images = () =>
    ctr('ls', '--quiet')
      .split('\n')
      .filter((each) => each.includes('vllm'))
  const hasPressure = async () => {
    const node = await plane.api.get<Node>(`/api/v1/nodes/${name}`)
    return node?.status.conditions.some(({ type, status }) => type === 'DiskPressure' && status === 'True') === true
  }
  const baked = images()
  expect(baked.length).toBeGreaterThan(0)
  // No volume has so much room: the threshold is met at once.
  machine.configure({ evictionHard: { 'imagefs.available': '99%', 'nodefs.available': '1%' } })
  for (let looks = 0; looks < 240 && !(await hasPressure()); looks++) await sleep(250)
  expect(await hasPressure()).toBe(true)
  const attempts = () => machine.log('kubelet').match(/attempting to delete unused images/gi)?.length ?? 0
  for (let looks = 0; looks < 240 && attempts() < 2; looks++) await sleep(250)
  expect(attempts()).toBeGreaterThanOrEqual(2)
  expect(images()).toEqual(baked)
  for (const image of baked) ctr('label', image, `${pinned}=`)
  for (let looks = 0; looks < 240 && images().length > 0; looks++) await sleep(250)
  expect(images()).toEqual([])
}

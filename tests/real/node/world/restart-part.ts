import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../../cluster/parts/api.ts'
import type { World } from './start-world.ts'

interface Node extends ApiObject {
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly lastHeartbeatTime: string }[]
  }
}

const starts = { containerd: /containerd successfully booted/g, kubelet: /"Kubelet version"/g }

/** Kills a node's containerd or kubelet, and waits until it runs again and the Node is Ready by a later heartbeat. @throws Error after three minutes */
export async function restartPart({ plane, nodes }: World, name: string, part: keyof typeof starts): Promise<void> {
  const machine = nodes.machines.get(name)
  if (machine === undefined) throw new Error(`Restart ${part}: no machine is called ${name}.`)
  const count = () => machine.log(part).match(starts[part])?.length ?? 0
  const [before, killedAt] = [count(), Date.now()]
  machine.restart(part)
  for (let looks = 0; looks < 900; looks++) {
    const node = await plane.api.get<Node>(`/api/v1/nodes/${name}`)
    const ready = node?.status.conditions.find(({ type }) => type === 'Ready')
    if (count() > before && ready?.status === 'True' && Date.parse(ready.lastHeartbeatTime) > killedAt) return
    await sleep(200)
  }
  throw new Error(`Restart ${part} of ${name}: after three minutes it has not started again, or the node is not Ready.`)
}

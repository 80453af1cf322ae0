import { expect, test } from '@jest/globals'
import { statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTerminal } from '../world/terminal.ts'
import type { World } from '../world/start-world.ts'
import { discardIdleNodes } from './discard-idle-nodes.ts'

/** Five nodes of a snapshot may write so much to this machine's disk; a copy of it would take many times that. */
const mostBytes = 2 * 2 ** 30

/** The commands of the guide word for word, typed into a terminal while a pod serves. */
export function testGuide(running: () => World): void {
  test('the commands of the guide show what it says', async () => {
    const world = running()
    const type = openTerminal(world)
    const pods = await type('kubectl get pods -w -l app=vllm', 5)
    const [, pod = ''] = /^(vllm-\S+)\s+1\/1\s+Running/m.exec(pods) ?? []
    expect(pod).not.toBe('')
    expect(await type(`kubectl exec -it ${pod} -- ls -la /mnt/models`)).toMatch(/hf-cache/)
    expect(await type(`kubectl logs ${pod}`)).toContain('Application startup complete')
    expect(await type('kubectl get nodes')).toMatch(/^i-[0-9a-f]+\s+Ready/m)
    const [node] = world.nodes.machines.keys()
    expect(await type(`kubectl get node ${node} -o json`)).toMatch(/"nvidia.com\/gpu": "1"/)
    expect(await type(`kubectl describe pod ${pod}`)).toMatch(/Container image "[^"]+" already present on machine/)
  })

  test('five replicas get five nodes, whose volumes share what is on the snapshot', async () => {
    const world = running()
    const type = openTerminal(world)
    const free = () => {
      const { bavail, bsize } = statfsSync(world.disk.folder)
      return bavail * bsize
    }
    const before = free()
    try {
      expect(await type('kubectl scale deployment vllm --replicas=5')).toContain('deployment.apps/vllm scaled')
      const nodes = () => type('kubectl get nodes')
      for (let looks = 0; looks < 240 && ((await nodes()).match(/^i-\S+\s+Ready/gm) ?? []).length < 5; looks++) await sleep(1000)
      expect((await nodes()).match(/^i-\S+\s+Ready/gm)).toHaveLength(5)
      expect(before - free()).toBeLessThan(mostBytes)
    } finally {
      await type('kubectl scale deployment vllm --replicas=1')
      await discardIdleNodes(world)
    }
  }, 600_000)
}

import { beforeAll, describe, expect, test } from '@jest/globals'
import type { ClusterConnection } from '../../src/index.ts'
import { expectations } from './expectations/index.ts'
import { observePod, type ObservedPod } from './observed-pod.ts'
import { playedDeployment, podScenes, type PodScene, type PodSceneName } from './pod-scenes.ts'

/** A cluster in whose namespace `default` the shipped Deployment `vllm` serves, on a node made from a snapshot. */
export interface KubeletUnderTest {
  readonly connection: ClusterConnection
  /** Lets seconds of its time pass. */
  sleep(seconds: number): Promise<void>
}

const { signal } = new AbortController()
/** Seconds of the cluster's time: a vLLM that crashes twice on a busy machine needs most of it. */
const limit = 600

/** What the timeline and the diagnosis rely on, whatever kubelet, containerd and vLLM write it: simulated ones or real ones. */
export function describeKubelet(name: string, running: () => KubeletUnderTest | Promise<KubeletUnderTest>): void {
  describe(`kubelet, containerd and vLLM: ${name}`, () => {
    const seen = new Map<PodSceneName, ObservedPod | undefined>()
    beforeAll(async () => {
      const under = await running()
      const names = Object.keys(podScenes) as PodSceneName[]
      await Promise.all(names.map(async (scene) => seen.set(scene, await play(under, scene))))
    }, 1_200_000)

    test.each(expectations.map((each) => [each.scene, each.what, each] as const))('a pod that %s: %s', (scene, _, expectation) => {
      const observed = seen.get(scene)
      if (observed === undefined) throw new Error(`There was no pod that ${scene}.`)
      expect(expectation.see(observed)).toEqual(expectation.expected(observed))
    })
  })
}

async function play(under: KubeletUnderTest, scene: PodSceneName): Promise<ObservedPod | undefined> {
  const { connection } = under
  const { cluster } = connection
  const { change, removeWhen, isSeen }: PodScene = podScenes[scene]
  if (change === undefined) return await see('app=vllm', isSeen)
  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default' }
  const shipped = await cluster.get({ ...reference, name: 'vllm' }, signal)
  const serving = await observePod(connection, 'app=vllm')
  if (shipped === undefined || serving?.pod.spec.nodeName === undefined)
    throw new Error('Play a pod: no pod of the Deployment vllm has a node.')
  const name = scene.replaceAll(' ', '-')
  await cluster.apply(playedDeployment(shipped, name, serving.pod.spec.nodeName, podScenes[scene]), { dryRun: false, force: true }, signal)
  const remove = () => cluster.remove({ ...reference, name }, signal)
  try {
    if (removeWhen !== undefined) {
      await see(`scene=${name}`, removeWhen)
      await remove()
      // It hears no SIGTERM; what does would have gone by then.
      await under.sleep(8)
    }
    return await see(`scene=${name}`, isSeen)
  } finally {
    await remove()
  }

  /** @returns what was seen last, complete or not */
  async function see(labels: string, isSeen: PodScene['isSeen']): Promise<ObservedPod | undefined> {
    for (let seconds = 0; ; seconds++) {
      const observed = await observePod(connection, labels)
      if (seconds === limit || (observed !== undefined && isSeen(observed))) return observed
      await under.sleep(1)
    }
  }
}

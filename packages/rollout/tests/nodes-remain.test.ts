import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { awaitNoSpareNodes, endEmptyNodes, type Cluster } from '../src/index.ts'
import { recordingReporter } from './recording-reporter.ts'
import { steppingClock } from './stepping-clock.ts'

const { signal } = new AbortController()
const claim = (name: string): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodeClaim',
  metadata: { name, labels: { 'karpenter.sh/nodepool': 'vllm' } },
  status: { nodeName: name },
})
const pod: KubernetesObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'vllm-0' }, spec: { nodeName: 'busy' } }

/** A cluster whose Karpenter never ends a node: one has a pod, one has none. */
const stuck = {
  list: async ({ kind }: { kind: string }) => (kind === 'Pod' ? [pod] : [claim('busy'), claim('empty')]),
  remove: async () => true,
} as unknown as Cluster
const ports = () => ({ cluster: stuck, clock: steppingClock(), reporter: recordingReporter() })

test('a node that new pods could come on and that stays: no start is called cold', async () => {
  const waiting = awaitNoSpareNodes({ namespace: 'default', podSelector: 'app=vllm', timeoutMs: 60_000 }, ports(), signal)
  await expect(waiting).rejects.toMatchObject({ errorCode: 'spare-nodes-remain', message: expect.stringContaining('empty') })
})

test('an empty node of a copy that does not go: the same', async () => {
  const ending = endEmptyNodes({ nodePool: 'vllm', owner: 'run', namespace: 'default' }, ports(), signal)
  await expect(ending).rejects.toMatchObject({ errorCode: 'copy-nodes-remain' })
})

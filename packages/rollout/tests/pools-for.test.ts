import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { isFor, poolsFor } from '../src/workload/pools-for.ts'

const pool = (name: string, labels: Record<string, string>): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name },
  spec: { template: { metadata: { labels }, spec: {} } },
})
const pools = [pool('gpu', { intent: 'llm', team: 'ml' }), pool('cpu', { intent: 'web', team: 'ml' })]
const affinity = (...terms: readonly (readonly [string, readonly string[]])[][]) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map((term) => ({ matchExpressions: term.map(([key, values]) => ({ key, operator: 'In', values })) })),
      },
    },
  },
})

test.each<[title: string, spec: Record<string, unknown>, names: readonly string[]]>([
  ['a label', { nodeSelector: { intent: 'llm' } }, ['gpu']],
  ['a label that both have', { nodeSelector: { team: 'ml' } }, ['gpu', 'cpu']],
  ['one that both have, and one that tells them apart', { nodeSelector: { team: 'ml', intent: 'web' } }, ['cpu']],
  ['a label beside those of the NodePool', { nodeSelector: { intent: 'llm', 'topology.kubernetes.io/zone': 'a' } }, ['gpu']],
  ['the name of a NodePool', { nodeSelector: { 'karpenter.sh/nodepool': 'gpu' } }, ['gpu']],
  ['the name of another NodePool', { nodeSelector: { 'karpenter.sh/nodepool': 'other', intent: 'llm' } }, []],
  ['a required affinity', affinity([['intent', ['llm', 'batch']]]), ['gpu']],
  ['one of two terms', affinity([['intent', ['web']]], [['intent', ['llm']]]), ['gpu', 'cpu']],
  ['a selector and an affinity that exclude each other', { nodeSelector: { intent: 'llm' }, ...affinity([['team', ['other']]]) }, []],
  ['nothing', {}, []],
  ['labels of no NodePool', { nodeSelector: { 'kubernetes.io/arch': 'amd64' } }, []],
])('%s', (_title, spec, names) => {
  expect(poolsFor([spec], pools).map(({ metadata }) => metadata.name)).toEqual(names)
})

test.each<[title: string, spec: Record<string, unknown>, expected: boolean]>([
  ['a GPU in the limits', { containers: [{ resources: { limits: { 'nvidia.com/gpu': 1 } } }] }, true],
  ['a slice of a GPU in the requests', { containers: [{}, { resources: { requests: { 'nvidia.com/mig-1g.5gb': '1' } } }] }, true],
  ['no GPU', { containers: [{ resources: { limits: { cpu: 1 } } }] }, false],
])('pods that the rollout is about: %s', (_title, spec, expected) => {
  expect(isFor([spec], pools)).toBe(expected)
})

import { expect, test } from '@jest/globals'
import { ownClauses } from '../src/own-clauses.ts'

const limits = (pool: string) => `all available instance types exceed limits for nodepool: "${pool}"`
const taint = (pool: string) =>
  `incompatible with nodepool "${pool}", daemonset overhead={"pods":"0"}, did not tolerate nvidia.com/gpu=1:NoSchedule`
const label = (pool: string) =>
  `incompatible with nodepool "${pool}", daemonset overhead={"pods":"0"}, incompatible requirements, label "team" does not have known values`

test.each([
  ['the taint of another NodePool', [limits('vllm'), taint('theirs')], ['vllm'], [limits('vllm')]],
  ['the same, the other way round', [taint('theirs'), limits('vllm')], ['vllm'], [limits('vllm')]],
  ['the taint of its own', [taint('vllm'), label('theirs')], ['vllm'], [taint('vllm')]],
  ['no NodePool that it selects', [label('a'), taint('b')], [], [label('a')]],
  ['a taint on all of them', [taint('a'), taint('b')], [], [taint('a'), taint('b')]],
  [
    'one that names none',
    ['label karpenter.sh/x is restricted; specify a well known label'],
    ['vllm'],
    ['label karpenter.sh/x is restricted; specify a well known label'],
  ],
])('%s', (_title, clauses, nodePools, own) => {
  expect(ownClauses(clauses.join('; '), nodePools)).toBe(own.join('; '))
})

import { expect, test } from '@jest/globals'
import { ownClauses } from '../src/own-clauses.ts'

const limits = (pool: string) => `all available instance types exceed limits for nodepool: "${pool}"`
const taint = (pool: string) =>
  `incompatible with nodepool "${pool}", daemonset overhead={"pods":"0"}, did not tolerate nvidia.com/gpu=1:NoSchedule`
const label = (pool: string) =>
  `incompatible with nodepool "${pool}", daemonset overhead={"pods":"0"}, incompatible requirements, label "team" does not have known values`
/** As since Karpenter 1.5, which names a NodePool only where a limit is reached. */
const limitNow = (pool: string) => `all available instance types exceed limits for nodepool (NodePool=${pool})`
const mismatchNow = 'incompatible requirements, key team, team In [ml] not in team In [web]'
const zoneNow =
  'incompatible requirements, key topology.kubernetes.io/zone, topology.kubernetes.io/zone In [c] not in topology.kubernetes.io/zone In [a b]'
const taintNow = 'did not tolerate taint (taint=nvidia.com/gpu=true:NoSchedule)'
const tooSmall = 'no instance type has enough resources, requirements=team In [ml]'

test.each([
  ['the taint of another NodePool', [limits('vllm'), taint('theirs')], ['vllm'], [limits('vllm')]],
  ['the same, the other way round', [taint('theirs'), limits('vllm')], ['vllm'], [limits('vllm')]],
  ['the taint of its own', [taint('vllm'), label('theirs')], ['vllm'], [taint('vllm')]],
  ['no NodePool that it selects', [label('a'), taint('b')], [], [label('a')]],
  ['a taint on all of them', [taint('a'), taint('b')], [], [taint('a'), taint('b')]],
  ['a limit of a NodePool that it does not select', [limitNow('theirs'), mismatchNow], [], [mismatchNow]],
  ['the limit of its own, since 1.5', [mismatchNow, limitNow('vllm'), taintNow], ['vllm'], [limitNow('vllm')]],
  ['what does not fit, beside the labels of others', [mismatchNow, tooSmall, mismatchNow], ['vllm'], [tooSmall]],
  ['nothing but the labels of others, where its own is not Ready', [mismatchNow, limitNow('theirs'), mismatchNow], ['vllm'], []],
  ['its own zone', [mismatchNow, zoneNow], ['vllm'], [zoneNow]],
  ['its own taint, beside the labels of others', [mismatchNow, taintNow], ['vllm'], [taintNow]],
  [
    'one that names none',
    ['label karpenter.sh/x is restricted; specify a well known label'],
    ['vllm'],
    ['label karpenter.sh/x is restricted; specify a well known label'],
  ],
])('%s', (_title, clauses, nodePools, own) => {
  expect(ownClauses(clauses.join('; '), nodePools)).toBe(own.join('; '))
})

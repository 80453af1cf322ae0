import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { hasForeignBudgets, holdDocument } from '../src/hold/hold-document.ts'

const pool = (disruption?: object, annotations?: Record<string, string>): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm', ...(annotations && { annotations }) },
  spec: { limits: 8, ...(disruption && { disruption }) },
})
const hold = { nodes: '0', reasons: ['Drifted'] }
const budgets = (...list: object[]) => ({ consolidateAfter: '60s', budgets: list })

test.each<[title: string, given: object | undefined, expected: readonly object[]]>([
  [
    'its own drift budget is replaced',
    budgets({ nodes: '1', reasons: ['Drifted'] }, { nodes: '100%', reasons: ['Empty'] }),
    [{ nodes: '100%', reasons: ['Empty'] }, hold],
  ],
  [
    'other reasons of the same budget stay',
    budgets({ nodes: '5', reasons: ['Empty', 'Drifted'], schedule: '@daily', duration: '1h' }),
    [{ nodes: '5', reasons: ['Empty'], schedule: '@daily', duration: '1h' }, hold],
  ],
  ['a budget for all reasons stays', budgets({ nodes: '10%' }), [{ nodes: '10%' }, hold]],
  ["without budgets Karpenter's default stays for the other reasons", { consolidateAfter: '60s' }, [{ nodes: '10%' }, hold]],
  ['without any disruption too', undefined, [{ nodes: '10%' }, hold]],
])('a hold: %s', (_title, given, expected) => {
  const held = holdDocument(pool(given, { mine: 'x' }), 'run-1')
  expect(held.metadata.annotations).toEqual({ mine: 'x', 'prebake.dev/held': 'run-1' })
  expect(held['spec']).toEqual({ limits: 8, disruption: { ...given, budgets: expected } })
})

test("budgets that somebody else has set are not taken; Karpenter's default and a hold's are nobody's", () => {
  const foreign = pool(budgets({ nodes: '3' }))
  expect(hasForeignBudgets(pool(), foreign)).toBe(true)
  expect(hasForeignBudgets(pool(budgets({ nodes: '1' })), foreign)).toBe(false)
  expect(hasForeignBudgets(pool(), pool(budgets({ nodes: '10%' })))).toBe(false)
  expect(hasForeignBudgets(pool(), pool(budgets(hold), { 'prebake.dev/held': 'x' }))).toBe(false)
})

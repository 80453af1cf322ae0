import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { hasForeignBudgets, pausedDocument } from '../src/pause/paused-document.ts'

const pool = (disruption?: object, annotations?: Record<string, string>): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm', ...(annotations && { annotations }) },
  spec: { limits: 8, ...(disruption && { disruption }) },
})
const byRun1 = { run: 'run-1', until: new Date('2026-11-24T10:30:00Z') }
const pause = { nodes: '0', reasons: ['Drifted'] }
const budgets = (...list: object[]) => ({ consolidateAfter: '60s', budgets: list })

test.each<[title: string, given: object | undefined, expected: readonly object[]]>([
  [
    'its own drift budget is replaced',
    budgets({ nodes: '1', reasons: ['Drifted'] }, { nodes: '100%', reasons: ['Empty'] }),
    [{ nodes: '100%', reasons: ['Empty'] }, pause],
  ],
  [
    'other reasons of the same budget stay',
    budgets({ nodes: '5', reasons: ['Empty', 'Drifted'], schedule: '@daily', duration: '1h' }),
    [{ nodes: '5', reasons: ['Empty'], schedule: '@daily', duration: '1h' }, pause],
  ],
  ['a budget for all reasons stays', budgets({ nodes: '10%' }), [{ nodes: '10%' }, pause]],
  ["without budgets Karpenter's default stays for the other reasons", { consolidateAfter: '60s' }, [{ nodes: '10%' }, pause]],
  ['without any disruption too', undefined, [{ nodes: '10%' }, pause]],
])('a pause: %s', (_title, given, expected) => {
  const paused = pausedDocument(pool(given, { mine: 'x' }), byRun1, pool({ consolidateAfter: '1s' }))
  expect(paused.metadata.annotations).toEqual({
    mine: 'x',
    'prebake.dev/held': 'run-1',
    'prebake.dev/held-until': '2026-11-24T10:30:00.000Z',
    'prebake.dev/served-before': '{"limits":8,"disruption":{"consolidateAfter":"1s"}}',
  })
  expect(paused['spec']).toEqual({ limits: 8, disruption: { ...given, budgets: expected } })
})

test('a pause that follows one which was left behind keeps the budgets of the manifest, not those of the pause', () => {
  const given = budgets({ nodes: '1', reasons: ['Drifted'] })
  const left = pool(budgets({ nodes: '10%' }, pause), { 'prebake.dev/held': 'x' })
  const paused = pausedDocument(pool(given), byRun1, left)
  expect(JSON.parse(paused.metadata.annotations?.['prebake.dev/served-before'] ?? '')).toEqual({ limits: 8, disruption: given })
})

test("budgets that another manager set are not taken over; Karpenter's default and those of a pause belong to no one", () => {
  const foreign = pool(budgets({ nodes: '3' }))
  expect(hasForeignBudgets(pool(), foreign)).toBe(true)
  expect(hasForeignBudgets(pool(budgets({ nodes: '1' })), foreign)).toBe(false)
  expect(hasForeignBudgets(pool(), pool(budgets({ nodes: '10%' })))).toBe(false)
  expect(hasForeignBudgets(pool(), pool(budgets(pause), { 'prebake.dev/held': 'x' }))).toBe(false)
})

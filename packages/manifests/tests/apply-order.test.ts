import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { applyOrder } from '../src/apply-order.ts'

const manifests = (kinds: readonly string[]) =>
  kinds.map((kind, line) => ({ document: { apiVersion: 'v1', kind, metadata: { name: `n${line}` } }, file: 'a.yaml', line }))
const kindsOf = (kinds: readonly string[]) => applyOrder(manifests(kinds)).map(({ document }) => document.kind)

test('what others need comes first, what acts on a workload last', () => {
  expect(kindsOf(['HorizontalPodAutoscaler', 'Deployment', 'Service', 'NodePool', 'EC2NodeClass', 'ConfigMap', 'Namespace'])).toEqual([
    'Namespace',
    'ConfigMap',
    'EC2NodeClass',
    'NodePool',
    'Service',
    'Deployment',
    'HorizontalPodAutoscaler',
  ])
})

test('nothing is lost, and within a kind the given order stays', () => {
  const kind = fc.constantFrom('Deployment', 'NodePool', 'EC2NodeClass', 'Service', 'Widget', 'Namespace')
  fc.assert(
    fc.property(fc.array(kind), (kinds) => {
      const ordered = applyOrder(manifests(kinds))
      expect(ordered.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(kinds.map((_, index) => index))
      for (const one of new Set(kinds)) {
        const lines = ordered.filter(({ document }) => document.kind === one).map(({ line }) => line)
        expect(lines).toEqual(lines.toSorted((a, b) => a - b))
      }
    }),
  )
})

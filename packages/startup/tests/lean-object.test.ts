import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { leanObject, leanObjects } from '../src/measure/lean-object.ts'
import type { ObservedKind, ObservedObject } from '../src/ports/workload.ts'
import { buildReport } from '../src/report/build-report.ts'
import { drawnStart, playStart } from './drawn-start.ts'

const ballast = { managedFields: [{ manager: 'kubelet', fieldsV1: { 'f:status': {} } }], annotations: { a: 'b'.repeat(100) } }
/** As an API server has them: with what no timeline reads. */
const heavy = (object: ObservedObject): ObservedObject => {
  if (object.kind === 'Event') return { ...object, metadata: { ...object.metadata, ...ballast } }
  const { metadata, spec = {}, status = {}, ...rest } = object as ObservedObject & Record<'spec' | 'status', object | undefined>
  return {
    ...rest,
    metadata: { ...metadata, ...ballast },
    spec: { ...spec, volumes: [{ name: 'models' }] },
    status: { ...status, images: [{ names: ['x'] }] },
  }
}

test('a report of lean objects is that of the whole ones', () => {
  fc.assert(
    fc.property(drawnStart, (drawn) => {
      const { measurement } = playStart(drawn)
      const observations = measurement.observations.map((each) => ({ ...each, object: heavy(each.object) }))
      const lean = observations.map((each) => ({ ...each, object: leanObject(each.kind, each.object) }))
      const options = { simulated: false }
      expect(buildReport({ ...measurement, observations: lean }, options)).toEqual(buildReport({ ...measurement, observations }, options))
      expect(JSON.stringify(lean)).not.toMatch(/managedFields|"images"|bbbbbb/)
    }),
    { numRuns: 200 },
  )
})

test('of an object that changes, what stays is held once', () => {
  fc.assert(
    fc.property(drawnStart, (drawn) => {
      const observations = playStart(drawn).measurement.observations.map(({ kind, object }) => ({ kind, object: heavy(object) }))
      const alone = observations.map(({ kind, object }) => structuredClone(leanObject(kind, object)))
      const lean = leanObjects()
      expect(observations.map(({ kind, object }) => lean(kind, structuredClone(object)))).toEqual(alone)
    }),
    { numRuns: 200 },
  )
  const pod = (name: string, ready: string) =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, uid: name, creationTimestamp: '' },
      spec: { containers: [{ name: 'vllm' }] },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }, { type: 'Ready', status: ready }] }, // prettier-ignore
    }) as unknown as ObservedObject & { status: { conditions: unknown[] } }
  const lean = leanObjects() as unknown as (kind: 'Pod', object: ReturnType<typeof pod>) => ReturnType<typeof pod>
  const [first, other, second] = [lean('Pod', pod('a', 'False')), lean('Pod', pod('b', 'True')), lean('Pod', pod('a', 'True'))]
  expect(second).toEqual(pod('a', 'True'))
  expect(first).toEqual(pod('a', 'False'))
  expect(second.metadata).toBe(first.metadata)
  expect(second['spec']).toBe(first['spec'])
  expect(second.status.conditions[0]).toBe(first.status.conditions[0])
  expect(other.metadata).not.toBe(first.metadata)
  expect(lean('Pod', pod('a', 'True'))).toBe(second)
})

test('of a container what says how it is served and what it asks for is kept', () => {
  const container = {
    name: 'vllm',
    ports: [{ containerPort: 8000 }],
    readinessProbe: { httpGet: { port: 'http' } },
    resources: { limits: {} },
  }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', uid: 'u', creationTimestamp: '', deletionTimestamp: 'x', labels: { a: 'b' } },
  }
  const lean = leanObject('Pod', {
    ...pod,
    spec: { containers: [{ ...container, env: [1], args: ['a'] }] },
    status: {},
  } as unknown as ObservedObject)
  expect(lean).toEqual({ ...pod, spec: { containers: [container] }, status: {} })
  const event = { ...pod, kind: 'Event', reason: 'Started', message: 'm', involvedObject: { uid: 'u' } } as unknown as ObservedObject
  expect(leanObject('Event' satisfies ObservedKind, event)).toEqual(event)
})

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { baked } from './manifests.ts'
import { deploymentPath, startKubernetes, type StartedKubernetes } from './start-kubernetes.ts'

let cluster: StartedKubernetes
beforeEach(async () => {
  cluster = await startKubernetes()
  await cluster.applyAll(baked())
})
afterEach(() => cluster.stop())

const manifest = baked()[deploymentPath] as { readonly spec: object }
const edit = (spec: object, manager: string) =>
  cluster.call('PATCH', `${deploymentPath}?fieldManager=${manager}`, { spec }, 'application/merge-patch+json')

test('fields that others have set since: told by owner, as Kubernetes 1.36 words it; by force they are taken', async () => {
  const document = { ...manifest, spec: { ...manifest.spec, progressDeadlineSeconds: 600, minReadySeconds: 1 } }
  await cluster.apply(deploymentPath, document)
  await edit({ progressDeadlineSeconds: 900, minReadySeconds: 2 }, 'kubectl-edit')
  await edit({ replicas: 3 }, 'other')
  const { status, body } = await cluster.apply(deploymentPath, document)
  expect(status).toBe(409)
  expect(body).toMatchObject({
    reason: 'Conflict',
    message: [
      'Apply failed with 2 conflicts: conflicts with "kubectl-edit" using apps/v1:',
      '- .spec.progressDeadlineSeconds',
      '- .spec.minReadySeconds',
    ].join('\n'),
    details: {
      causes: ['.spec.progressDeadlineSeconds', '.spec.minReadySeconds'].map((field) => ({
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl-edit" using apps/v1',
        field,
      })),
    },
  })
  const forced = await cluster.apply(deploymentPath, document, '&force=true')
  expect(forced.body).toMatchObject({ spec: { progressDeadlineSeconds: 600, minReadySeconds: 1, replicas: 3 } })
  expect((await cluster.apply(deploymentPath, document)).status).toBe(200)
})

test('the same value from two managers is no conflict, and stays when one of them gives it up', async () => {
  const document = { ...manifest, spec: { ...manifest.spec, minReadySeconds: 2 } }
  await edit({ minReadySeconds: 2 }, 'kubectl-edit')
  expect((await cluster.apply(deploymentPath, document)).status).toBe(200)
  expect((await cluster.apply(deploymentPath, manifest)).body).toMatchObject({ spec: { minReadySeconds: 2 } })
})

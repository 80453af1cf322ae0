import { expect, test } from '@jest/globals'
import { deployment, deployments, useApiServer } from './start-api.ts'

const { apply, patch } = useApiServer()
const path = `${deployments}/vllm`
const edit = (spec: object, manager: string) => patch(`${path}?fieldManager=${manager}`, { spec })

test('fields that others have set since: named with their owner, as Kubernetes 1.36 words it; by force they are taken', async () => {
  const document = { ...deployment, spec: { ...deployment.spec, progressDeadlineSeconds: 600, minReadySeconds: 1 } }
  await apply(path, document)
  await edit({ progressDeadlineSeconds: 900, minReadySeconds: 2 }, 'kubectl-edit')
  await edit({ replicas: 3 }, 'other')
  const fields = ['.spec.progressDeadlineSeconds', '.spec.minReadySeconds']
  const message = 'conflict with "kubectl-edit" using apps/v1'
  expect(await apply(path, document)).toMatchObject({
    status: 409,
    body: {
      reason: 'Conflict',
      message: ['Apply failed with 2 conflicts: conflicts with "kubectl-edit" using apps/v1:', ...fields.map((field) => `- ${field}`)].join(
        '\n',
      ),
      details: { causes: fields.map((field) => ({ reason: 'FieldManagerConflict', message, field })) },
    },
  })
  const forced = await apply(path, document, '&force=true')
  expect(forced.body).toMatchObject({ spec: { progressDeadlineSeconds: 600, minReadySeconds: 1, replicas: 3 } })
  expect((await apply(path, document)).status).toBe(200)
})

test('the same value from two managers is no conflict, and stays when one of them gives it up', async () => {
  await apply(path, deployment)
  await edit({ minReadySeconds: 2 }, 'kubectl-edit')
  expect((await apply(path, { ...deployment, spec: { ...deployment.spec, minReadySeconds: 2 } })).status).toBe(200)
  expect((await apply(path, deployment)).body).toMatchObject({ spec: { minReadySeconds: 2 } })
})

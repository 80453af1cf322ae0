import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { obedientCluster } from './obedient-cluster.ts'
import { request, run } from './rollout-story.ts'
import { versionedManifests } from './versioned-manifests.ts'

test('old pods that crash do not end the rollout that fixes them, where a role hides which pods are old', async () => {
  const { cluster, clock } = await obedientCluster({ crashes: (image) => image === 'bad' })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1', 'bad') }))
  const refused = () => Promise.reject(new ServiceError({ operation: 'list ReplicaSet', code: 'Forbidden', message: 'no', status: 403 }))
  const blind = {
    ...cluster,
    list: (query: Parameters<typeof cluster.list>[0]) =>
      query.kind === 'ReplicaSet' ? refused() : cluster.list(query, AbortSignal.any([])),
  }
  const { outcome, lines } = await run(blind, clock, request({ manifests: versionedManifests('snap-1', 'good') }))
  expect(outcome).toMatchObject({ changed: true })
  expect(lines).toContain(
    'Not proven: Deployment default/vllm: Identifying new pods by their node selector only: ReplicaSet objects cannot be read: list ReplicaSet: Forbidden: no.',
  )
})

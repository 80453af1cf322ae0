import { expect, test } from '@jest/globals'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'
import { healthy, manifestsFor, request, run } from './rollout-story.ts'
import { steppingClock } from './stepping-clock.ts'

test('a first rollout: tried, applied in order, awaited; progress when something changes', async () => {
  const cluster = await testCluster()
  const { outcome, lines } = await run(cluster, steppingClock(healthy(cluster)))
  expect(outcome).toEqual({
    changed: true,
    revision: '1',
    unproven: ['No Deployment, StatefulSet or other workload that runs on these nodes is among the manifests: what serves was not checked'],
    applied: [
      { kind: 'EC2NodeClass', name: 'vllm', namespace: undefined, changed: true },
      { kind: 'NodePool', name: 'vllm', namespace: undefined, changed: true },
      { kind: 'Deployment', name: 'vllm', namespace: 'default', changed: true },
    ],
  })
  expect(cluster.calls()).toEqual(
    ['dry-run', 'apply'].flatMap((verb) => [`${verb} EC2NodeClass vllm`, `${verb} NodePool vllm`, `${verb} Deployment default/vllm`]),
  )
  expect(lines).toEqual([
    `Kubernetes ${await cluster.version(AbortSignal.any([]))} at ${cluster.address}`,
    'EC2NodeClass vllm created',
    'EC2NodeClass vllm: Karpenter has not processed it yet',
    'EC2NodeClass vllm is Ready',
    'NodePool vllm created',
    'Deployment default/vllm created',
    'NodePool vllm: Karpenter has not processed it yet',
    'NodePool vllm is Ready',
    'Deployment default/vllm: the Deployment controller has not processed it yet; pods: none',
    'Deployment default/vllm: 0 of 2 updated, 0 ready, 0 available, 1 old; pods: none',
    'Deployment default/vllm: 1 of 2 updated, 1 ready, 1 available, 1 old; pods: none',
    'Deployment default/vllm: 2 of 2 updated, 2 ready, 2 available',
    'Not proven: No Deployment, StatefulSet or other workload that runs on these nodes is among the manifests: what serves was not checked.',
  ])
})

test('the same again: nothing is applied, and it ends at once', async () => {
  const cluster = await testCluster()
  await run(cluster, steppingClock(healthy(cluster)))
  cluster.forgetCalls()
  const { outcome, lines } = await run(cluster, { now: () => new Date(0), sleep: () => Promise.reject(new Error('It waited.')) })
  expect(outcome).toMatchObject({ changed: false, revision: '1', applied: [{ changed: false }, { changed: false }, { changed: false }] })
  expect(lines).toContain('Deployment default/vllm unchanged')
  expect(cluster.calls().filter((call) => !call.startsWith('dry-run'))).toEqual([])
})

test('another image: the Deployment alone has changed, and the old pods do not count', async () => {
  const cluster = await testCluster()
  await run(cluster, steppingClock(healthy(cluster)))
  const { outcome, lines } = await run(cluster, steppingClock(healthy(cluster, 2)), request({ manifests: manifestsFor('two') }))
  expect(outcome).toMatchObject({ changed: true, revision: '2', applied: [{ changed: false }, { changed: false }, { changed: true }] })
  expect(lines).toContain('Deployment default/vllm: the Deployment controller has not processed it yet; pods: none')
})

test('a dry run changes nothing and says what would', async () => {
  const cluster = await testCluster()
  await run(cluster, steppingClock(healthy(cluster)))
  cluster.forgetCalls()
  const { outcome, lines } = await run(cluster, steppingClock(), request({ dryRun: true, manifests: manifestsFor('two') }))
  expect(outcome).toMatchObject({ changed: true, applied: [{ changed: false }, { changed: false }, { changed: true }] })
  expect(outcome).not.toHaveProperty('revision')
  expect(cluster.calls().filter((call) => call.startsWith('apply'))).toEqual([])
  expect(lines.slice(1)).toEqual([
    'EC2NodeClass vllm would not change',
    'NodePool vllm would not change',
    'Deployment default/vllm would be changed',
    '  Deployment default/vllm  spec.template.spec.containers[vllm].image: one → two',
  ])
})

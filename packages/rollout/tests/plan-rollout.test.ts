import { expect, test } from '@jest/globals'
import { InputError, ServiceError } from '@prebake/kernel'
import { readManifests } from '@prebake/manifests'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'
import { healthy, manifestsFor, refuse, request, run } from './rollout-story.ts'
import { steppingClock } from './stepping-clock.ts'

const problemsOf = (error: unknown) => (error instanceof InputError ? error.problems : [])
const installKarpenter = expect.stringContaining('Install Karpenter 1.5 or newer')

test('unknown kinds: each with its place, and nothing is tried or applied', async () => {
  const cluster = await testCluster(undefined, ['NodePool', 'EC2NodeClass'])
  const { error } = await run(cluster, steppingClock())
  expect(error).toBeInstanceOf(InputError)
  expect(problemsOf(error)).toEqual([
    { code: 'kind-unknown', input: 'vllm.yaml:10', wrong: expect.stringContaining('`NodePool`'), remedy: installKarpenter },
    { code: 'kind-unknown', input: 'vllm.yaml:15', wrong: expect.stringContaining('`EC2NodeClass`'), remedy: installKarpenter },
  ])
  expect(cluster.calls()).toEqual([])
})

test('a kind that the cluster has as another version, and the EC2NodeClass of a cluster with EKS Auto Mode', async () => {
  const text = (apiVersion: string) => `apiVersion: ${apiVersion}\nkind: EC2NodeClass\nmetadata: { name: gpu }\n`
  const set = (apiVersion: string) => request({ manifests: readManifests([{ path: 'x.yaml', text: text(apiVersion) }], {}) })
  const older = await run(await testCluster(), steppingClock(), set('karpenter.k8s.aws/v1beta1'))
  expect(problemsOf(older.error)).toMatchObject([
    { code: 'kind-unknown', remedy: expect.stringContaining('`apiVersion: karpenter.k8s.aws/v1`') },
  ])
  const autoMode = await run(await testCluster(undefined, ['EC2NodeClass']), steppingClock(), set('karpenter.k8s.aws/v1'))
  expect(problemsOf(autoMode.error)).toMatchObject([{ code: 'kind-unknown', remedy: expect.stringContaining('EKS Auto Mode') }])
})

test('the same object, once its namespace is filled in', async () => {
  const again = `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: vllm, namespace: default }\n`
  const { error } = await run(await testCluster(), steppingClock(), request({ manifests: manifestsFor('one', again) }))
  expect(problemsOf(error)).toMatchObject([
    {
      code: 'document-duplicated',
      input: 'vllm.yaml:20',
      wrong: expect.stringContaining('Deployment default/vllm is already in vllm.yaml:2'),
    },
  ])
})

test('a refused document: all are tried, none is applied', async () => {
  const cluster = await testCluster()
  refuse(cluster, 'NodePool', 400)
  const { error } = await run(cluster, steppingClock())
  expect(error).toBeInstanceOf(InputError)
  expect(problemsOf(error)).toMatchObject([
    {
      code: 'document-refused',
      input: 'vllm.yaml:10',
      wrong: expect.stringContaining('NodePool vllm is refused: apply NodePool vllm: Invalid: unknown field "spec.x".'),
      remedy: expect.stringContaining('Nothing was changed.'),
    },
  ])
  expect(cluster.calls()).toEqual(['dry-run EC2NodeClass vllm', 'dry-run NodePool vllm', 'dry-run Deployment default/vllm'])
})

test('many documents are asked about side by side, never more than eight, and keep their order', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `s-${index}`)
  const text = names.map((name) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\n`).join('---\n')
  const memory = await testCluster()
  let asked = 0
  let most = 0
  const cluster = {
    ...memory,
    async get(...args: Parameters<typeof memory.get>) {
      most = Math.max(most, ++asked)
      // The later the document, the sooner its answer.
      for (let turns = 20 - Number(args[0].name.slice(2)); turns > 0; turns--) await Promise.resolve()
      asked -= 1
      return memory.get(...args)
    },
  }
  const manifests = readManifests([{ path: 'a.yaml', text }], {})
  const { outcome } = await run(cluster, steppingClock(), request({ manifests }))
  expect(most).toBe(8)
  expect(outcome).toMatchObject({ applied: names.map((name) => ({ name })) })
})

test('what is no judgement of a document (401) is thrown as it is', async () => {
  const cluster = await testCluster()
  refuse(cluster, 'EC2NodeClass', 401)
  const { error } = await run(cluster, steppingClock())
  expect(error).toBeInstanceOf(ServiceError)
})

test('a document that is refused only when applied: says what was applied before', async () => {
  const cluster = await testCluster()
  refuse(cluster, 'NodePool', 403, false)
  const { error } = await run(cluster, steppingClock(healthy(cluster)))
  expect(error).toMatchObject({ errorCode: 'rollout-not-rolled-back', reason: 'apply-failed' })
  expect(error?.message).toContain('Apply NodePool vllm (vllm.yaml:10): refused. Applied before: EC2NodeClass vllm.')
  expect(error?.cause).toBeInstanceOf(ServiceError)
})

test('what goes into a new namespace cannot be tried, and is applied after it', async () => {
  const manifests = readManifests(
    [
      {
        path: 'a.yaml',
        text: `apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: new }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: new }\n`,
      },
    ],
    {},
  )
  const cluster = await testCluster()
  const { outcome } = await run(cluster, steppingClock(), request({ manifests }))
  expect(outcome).toMatchObject({ changed: true })
  expect(cluster.calls()).toEqual(['dry-run Namespace new', 'apply Namespace new', 'apply Service new/s'])
})

test('what the preflight finds and what the server refuses are reported together, and nothing is applied; warnings are only reported', async () => {
  const pod = `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: pod }
spec:
  selector: { matchLabels: { app: pod } }
  template:
    metadata: { labels: { app: pod } }
    spec:
      nodeSelector: { karpenter.k8s.aws/ec2nodeclass: vllm }
      containers: [{ name: vllm, image: 'vllm/vllm-openai:v1', resources: { limits: { nvidia.com/gpu: 1 } } }]
`
  const cluster = await testCluster()
  refuse(cluster, 'NodePool', 400)
  const { error, lines } = await run(cluster, steppingClock(), request({ manifests: manifestsFor('one', pod) }))
  expect(error).toBeInstanceOf(InputError)
  expect(problemsOf(error)).toMatchObject([
    { code: 'refused-node-label', input: 'vllm.yaml:21 Deployment default/pod spec.template.spec.nodeSelector' },
    { code: 'document-refused', input: 'vllm.yaml:10' },
  ])
  expect(error?.message).toContain('[refused-node-label] Select by')
  expect(cluster.calls().filter((call) => call.startsWith('apply'))).toEqual([])
  expect(lines).toContainEqual(expect.stringMatching(/^vllm.yaml:21 Deployment default\/pod .*\[no-node-pool\]$/))
})

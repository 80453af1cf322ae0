import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type RecordedRequest } from '@prebake/simulator'
import { parseAllDocuments } from 'yaml'
import { accessesIn, accessesOf, allows, wordsFor, type Role } from './judge-rbac.ts'

const root = join(import.meta.dirname, '../../..')
const documents = parseAllDocuments(readFileSync(join(root, 'deploy/infra/rbac.yaml'), 'utf8')).map((document) => document.toJS() as Role)
const roles = documents.filter(({ kind }) => kind.endsWith('Role'))

const statefulSet = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  serviceName: web
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: 'docker.io/library/nginx@sha256:${'b2'.repeat(32)}' }] }
`
const otherKinds = ['leaderworkersets.leaderworkerset.x-k8s.io', 'inferenceservices.serving.kserve.io', 'rollouts.argoproj.io']
/** What the runs below do not ask for, and who does. */
const elsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    otherKinds.flatMap((kind) =>
      ['get', 'list', 'watch', 'create', 'patch'].map((verb) => [`${verb} ${kind} in default`, 'one among the manifests']),
    ),
  ),
  'list controllerrevisions.apps in default': 'a StatefulSet or LeaderWorkerSet, after a rollout that was lost',
  'delete pods in default': 'a StatefulSet whose pod cannot become ready',
  'delete ec2nodeclasses.karpenter.k8s.aws': 'old versions of the NodeClass',
  'list ec2nodeclasses.karpenter.k8s.aws': 'old versions of the NodeClass',
  'delete nodeclaims.karpenter.sh': 'a rollback: nodes of the new NodeClass that never became usable',
  'list nodepools.karpenter.sh': 'preflight; old versions of the NodeClass',
  'create pods/portforward in default': 'a WebSocket to Kubernetes 1.35 and newer',
  'get namespaces': 'preflight: Pod Security',
  'get customresourcedefinitions.apiextensions.k8s.io': 'preflight: is Karpenter new enough',
  'list services in default': 'preflight: service links',
  'list horizontalpodautoscalers.autoscaling in default': 'preflight: who sets the replicas',
  'list scaledobjects.keda.sh in default': 'preflight: who sets the replicas',
}

let folder: string
let sent: readonly RecordedRequest[]
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-rbac-'))
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
  const simulator = await startSimulator({ rate: 300 })
  const run = async (action: string, inputs: Readonly<Record<string, string>>) => {
    const common = { environment: simulator.environment, workspace: folder, temp: folder }
    const { main, post } = await runStep({
      action: join(root, 'actions', action),
      inputs: { 'cluster-name': simulator.clusterName, ...inputs },
      ...common,
    })
    await post?.()
    return main
  }
  try {
    const variables = `NODE_ROLE=node\nCLUSTER_NAME=demo\nVLLM_IMAGE=${simulator.demoInputs['images']}`
    const ready = await run('apply-manifests', { manifests: 'deploy/vllm/baseline\ndeploy/vllm/service.yaml', variables })
    if (ready.exitCode !== 0) throw new Error(ready.lines.join('\n'))
    for (const candidate of ['in-place', 'isolated']) {
      const how = { candidate, manifests: 'deploy/vllm/baseline', variables, from: '1', to: '2', comment: 'false' }
      const measured = await run('scale-benchmark', how)
      if (measured.exitCode !== 0) throw new Error(measured.lines.join('\n'))
    }
    writeFileSync(join(folder, 'deploy/stateful-set.yaml'), statefulSet)
    const stateful = await run('apply-manifests', { manifests: 'deploy/stateful-set.yaml', timeout: '10s' })
    if (!stateful.lines.some((line) => line.includes('StatefulSet default/web'))) throw new Error(stateful.lines.join('\n'))
    // A rollout that fails looks at more, to say why.
    const failed = await run('apply-manifests', {
      manifests: 'deploy/vllm/baseline',
      variables: variables.replace(/vllm-openai:\S+/, 'another-image:v0'),
      timeout: '10s',
    })
    if (failed.exitCode === 0) throw new Error('The rollout within ten seconds did not fail.')
    sent = simulator.requests().filter(({ server }) => server === 'kubernetes')
  } finally {
    await simulator.stop()
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const asked = () => [...new Map(sent.flatMap(accessesOf).map((access) => [wordsFor(access), access])).values()]

test('everything that a rollout, its failure and a benchmark ask for is allowed', () => {
  expect(
    asked()
      .filter((access) => !allows(roles, access))
      .map(wordsFor),
  ).toEqual([])
  expect(asked().length).toBeGreaterThan(15)
})

test('nothing else is allowed', () => {
  const unused = accessesIn(roles)
    .filter((given) => !asked().some((access) => allows([roleOf(given)], access)))
    .map(wordsFor)
  expect(unused.filter((words) => !(words in elsewhere))).toEqual([])
  // A reason must belong to something that is given.
  expect(Object.keys(elsewhere).filter((words) => !accessesIn(roles).map(wordsFor).includes(words))).toEqual([])
})

test('nothing is wild, and no secret, exec or node proxy is within reach', () => {
  for (const { group, resource, verb } of accessesIn(roles)) {
    expect(`${group}${resource}${verb}`).not.toContain('*')
    expect(['secrets', 'pods/exec', 'nodes/proxy', 'pods/attach']).not.toContain(resource)
  }
})

test('the roles are bound to the group of the access entry', () => {
  const entry = JSON.parse(readFileSync(join(root, 'deploy/infra/access-entry.json'), 'utf8')) as {
    kubernetesGroups: string[]
    type: string
  }
  expect(entry.type).toBe('STANDARD')
  interface Binding {
    readonly roleRef: { readonly kind: string; readonly name: string }
    readonly subjects: readonly { readonly kind: string; readonly name: string }[]
  }
  const bindings = documents.filter(({ kind }) => kind.endsWith('Binding')) as unknown as Binding[]
  expect(bindings.map(({ roleRef }) => `${roleRef.kind} ${roleRef.name}`)).toEqual(
    roles.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  )
  for (const { subjects } of bindings)
    expect(subjects.map(({ kind, name }) => [kind, name])).toEqual([['Group', entry.kubernetesGroups[0]]])
})

function roleOf({ verb, group, resource, namespace }: ReturnType<typeof accessesIn>[number]): Role {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role'
  return {
    kind,
    metadata: { name: 'one', ...(namespace !== undefined && { namespace }) },
    rules: [{ apiGroups: [group], resources: [resource], verbs: [verb] }],
  }
}

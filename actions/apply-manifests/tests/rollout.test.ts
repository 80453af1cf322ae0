import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openScene, type Scene } from './open-scene.ts'

// One story in order: each test takes the cluster as the one before has left it.
let scene: Scene
let unanswered: string | undefined
beforeAll(async () => {
  scene = await openScene({ faults: ({ operation }) => (operation === unanswered ? { kind: 'hang' } : undefined) })
}, 60_000)
afterAll(() => scene.close())

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}
interface NodePool {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: {
    readonly disruption: { readonly budgets: unknown }
    readonly template: { readonly spec: { readonly nodeClassRef: { readonly name: string } } }
  }
}
const objects = <T>(kind: string) => scene.simulator.kubernetes.objects(kind) as unknown as readonly T[]
const pods = () => objects<Pod>('Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined)
const readyPods = () => pods().filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))
const nodePool = () => objects<NodePool>('NodePool')[0]
const classes = () => objects<{ readonly metadata: { readonly name: string } }>('EC2NodeClass').map(({ metadata }) => metadata.name)
const applies = (operations: readonly string[]) => operations.filter((operation) => /^(apply|delete|patch) /.test(operation))
const budgets = [
  { nodes: '100%', reasons: ['Empty'] },
  { nodes: '1', reasons: ['Drifted'] },
]

test('a first rollout; a second time nothing is applied and no pod is touched', async () => {
  const first = await scene.run({ 'snapshot-id': scene.snapshots[0] })
  expect(first.errors).toEqual([])
  expect(first.outputs).toMatchObject({ changed: 'true', proven: 'true', revision: '1', 'rolled-back': 'false' })
  expect(nodePool()?.spec.template.spec.nodeClassRef.name).toBe(classes()[0])
  const before = pods().map(({ metadata }) => metadata.uid)
  const second = await scene.run({ 'snapshot-id': scene.snapshots[0] })
  expect(second.outputs).toMatchObject({ changed: 'false', revision: '1', 'rolled-back': 'false' })
  expect(applies(second.operations)).toEqual([])
  expect(pods().map(({ metadata }) => metadata.uid)).toEqual(before)
  expect(await second.post?.()).toMatchObject({ exitCode: 0, lines: ['Nothing to clean up: no rollout is open.'] })
}, 60_000)

test('dry-run and render change nothing; render needs no cluster', async () => {
  const dry = await scene.run({ 'snapshot-id': scene.snapshots[1], 'dry-run': 'true' })
  expect(dry.outputs).toMatchObject({ changed: 'true', proven: '' })
  expect(dry.lines).toContain('NodePool vllm would be changed')
  const { exitCode, operations, lines } = await scene.run({ mode: 'render', 'snapshot-id': scene.snapshots[1], kubeconfig: '' })
  // The tags of the snapshot, and no cluster.
  expect([exitCode, operations]).toEqual([0, ['DescribeSnapshots']])
  expect(lines).toContain('rendered/nodeclass.yaml written')
  const text = (name: string) => readFileSync(join(scene.workspace, 'rendered', name), 'utf8')
  const [, name = ''] = /name: (vllm-[0-9a-f]{10})\n/.exec(text('nodeclass.yaml')) ?? []
  expect(text('nodeclass.yaml')).toContain(scene.snapshots[1])
  expect(text('nodepool.yaml')).toContain(`prebake.dev/nodeclass: ${name}`)
  expect(text('deployment.yaml')).toContain(`prebake.dev/nodeclass: ${name}`)
  expect(applies([...dry.operations, ...operations])).toEqual([])
  expect(classes()).toHaveLength(1)
  expect((await scene.run({ mode: 'render', 'output-folder': '../out', 'snapshot-id': scene.snapshots[1] })).errors[0]).toContain(
    'outside the workspace',
  )
  expect(existsSync(join(scene.workspace, '../out'))).toBe(false)
}, 60_000)

test('nodes on Spot alone, in an account that has no quota for it: a warning at the field, and the quota is asked for once', async () => {
  const file = join(scene.workspace, 'deploy/vllm/nodepool.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('values: [on-demand]', 'values: [spot]'))
  const { lines, operations } = await scene.run({ 'snapshot-id': scene.snapshots[1], 'dry-run': 'true' })
  writeFileSync(file, text)
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^::warning file=deploy\/vllm\/deployment\.yaml,line=1::deploy\/vllm\/deployment\.yaml:1 Deployment default\/vllm spec\.strategy: 1 replica and 1 more .* need 16 vCPUs as .*\.2xlarge, and the account may run 0 \(spot G instances\)\. .*\[quota-without-surge\]$/,
    ),
  )
  expect(operations.filter((operation) => operation === 'GetServiceQuota')).toHaveLength(1)
}, 60_000)

test('verify: what is there serves; what is not there is reported at the limit, and nothing is applied', async () => {
  const good = await scene.run({ mode: 'verify', 'snapshot-id': scene.snapshots[0] })
  expect(good.errors).toEqual([])
  expect(good.outputs).toMatchObject({ changed: 'false', proven: 'true', revision: '1' })
  const other = await scene.run({ mode: 'verify', 'snapshot-id': scene.snapshots[1], timeout: '1m' })
  expect(other.exitCode).toBe(1)
  expect(other.errors[0]).toContain('NodePool vllm differs from its manifest')
  expect(applies([...good.operations, ...other.operations])).toEqual([])
}, 60_000)

test('a rollout that crashes by its arguments: the cause with the log, what served serves on; snapshot and variable stay', async () => {
  const { simulator, snapshots } = scene
  const url = `${simulator.endpoints.github}/repos/octo-org/vllm-on-eks/actions/variables`
  const variable = { name: 'VLLM_SNAPSHOT_ID', value: snapshots[1] }
  const headers = { authorization: `Bearer ${simulator.variableToken}`, 'content-type': 'application/json' }
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(variable) })).status).toBe(201)
  const [serving] = readyPods()
  const file = join(scene.workspace, 'deploy/vllm/deployment.yaml')
  const good = readFileSync(file, 'utf8')
  writeFileSync(file, good.replace('${MODEL_PATH}', '/opt/nothing'))
  let gaps = 0
  const watching = setInterval(() => (gaps += Number(readyPods().length === 0)), 5)
  const failed = await scene.run({ 'snapshot-id': 'latest', 'variable-token': simulator.variableToken })
  writeFileSync(file, good)
  clearInterval(watching)
  expect(failed.exitCode).toBe(1)
  expect(failed.outputs).toMatchObject({ changed: 'true', 'rolled-back': 'true' })
  expect(failed.lines).toContain(`The latest snapshot is ${snapshots[1]}`)
  expect(failed.errors[0]).toMatch(/has crashed \d+ times and was never ready/)
  expect(failed.errors[0]).toContain('the end of its log')
  expect(failed.errors[0]).toContain('/opt/nothing')
  expect(failed.summary).toContain('rolled back; what served before serves again')
  expect(gaps).toBe(0)
  expect(readyPods().map(({ metadata }) => metadata.uid)).toEqual([serving?.metadata.uid])
  expect(nodePool()?.spec.disruption.budgets).toEqual(budgets)
  expect(nodePool()?.metadata.annotations?.['prebake.dev/held']).toBeUndefined()
  expect(failed.errors[0]).toContain(`Nothing here speaks against ${snapshots[1]}: not rejected.`)
  expect(await scene.tagsOf(snapshots[1])).not.toHaveProperty(['prebake:rejected'])
  expect(simulator.variables()).toMatchObject({ VLLM_SNAPSHOT_ID: snapshots[1] })
}, 60_000)

test('killed halfway: post switches the NodePool back, and the next run rolls out all of it', async () => {
  const serving = nodePool()?.spec.template.spec.nodeClassRef.name
  const given = { 'snapshot-id': scene.snapshots[0], variables: scene.variables({ NODE_ROLE: 'another' }) }
  // So that it is still in between when it is killed.
  unanswered = 'apply Deployment default/vllm'
  const killed = await scene.run(given, (line, pid) => {
    if (line.startsWith('NodePool vllm changed, drift paused')) process.kill(pid, 'SIGKILL')
  })
  unanswered = undefined
  expect(killed.signal).toBe('SIGKILL')
  expect(nodePool()?.metadata.annotations).toMatchObject({ 'prebake.dev/held': expect.any(String) })
  expect(nodePool()?.spec.disruption.budgets).toEqual([budgets[0], { nodes: '0', reasons: ['Drifted'] }])
  const post = await killed.post?.()
  expect(post).toMatchObject({ exitCode: 0, lines: expect.arrayContaining(['NodePool vllm rolled back', 'NodePool vllm: drift resumed']) })
  expect(nodePool()?.spec.template.spec.nodeClassRef.name).toBe(serving)
  expect(nodePool()?.metadata.annotations?.['prebake.dev/held']).toBeUndefined()
  expect(nodePool()?.spec.disruption.budgets).toEqual(budgets)

  const next = await scene.run(given)
  expect(next.errors).toEqual([])
  expect(next.outputs).toMatchObject({ changed: 'true', revision: expect.stringMatching(/^\d+$/) })
  expect(applies(next.operations)).toEqual(['apply NodePool vllm', 'apply Deployment default/vllm', 'apply NodePool vllm'])
  // The new pod runs on a node of the NodeClass whose rollout was killed halfway.
  const [pod] = readyPods()
  const node = objects<{ readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> } }>('Node').find(
    ({ metadata }) => metadata.name === pod?.spec.nodeName,
  )
  expect(node?.metadata.labels['karpenter.k8s.aws/ec2nodeclass']).toBe(nodePool()?.spec.template.spec.nodeClassRef.name)
}, 60_000)

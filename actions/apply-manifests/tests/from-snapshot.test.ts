import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectAws } from '@prebake/aws'
import { readRecord } from '@prebake/snapshot-record'
import { findSnapshot, type FoundSnapshot } from '../src/find-snapshot.ts'
import { readVariables } from '../src/variables.ts'
import { bakeRecord, digest, openScene, type Scene } from './open-scene.ts'

/** A snapshot that was read. */
function readBy(): FoundSnapshot {
  return { snapshotId: 'snap-1', record: readRecord(bakeRecord()), volumeSizeGiB: 150, unread: undefined }
}

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
}, 60_000)
afterAll(() => scene.close())

const { signal } = new AbortController()
const path = '/mnt/models/hf-cache/hub/models--TheBloke--Mistral-7B-Instruct-v0.2-AWQ/snapshots/5f9c1b7e'
const image = `docker.io/vllm/vllm-openai@${digest}`
/** A cluster, a snapshot and a node role: what the README's workflow gives. */
const three = () => ({
  kubeconfig: '',
  'cluster-name': scene.simulator.clusterName,
  'snapshot-id': scene.snapshots[0],
  variables: 'NODE_ROLE=node',
})
const notices = (lines: readonly string[]) => lines.filter((line) => /^::(error|warning|notice)/.test(line))
const rendered = (name: string) => readFileSync(join(scene.workspace, 'rendered', name), 'utf8')

test('the shipped manifests roll out with a cluster, a snapshot and a node role, and nothing of ours warns', async () => {
  const { exitCode, lines, outputs } = await scene.run(three())
  expect(notices(lines)).toEqual([])
  expect(lines.filter((line) => line.startsWith('Not checked'))).toEqual([])
  expect({ exitCode, outputs }).toMatchObject({ exitCode: 0, outputs: { changed: 'true', revision: '1' } })
}, 60_000)

test.each([
  ['deploy/vllm/nodeclass.yaml\ndeploy/vllm/nodepool.yaml\ndeploy/vllm/service.yaml\ndeploy/vllm/large-model/deployment.yaml', {}],
  ['deploy/vllm/baseline', { 'snapshot-id': '', variables: `NODE_ROLE=node\nVLLM_IMAGE=${image}` }],
])(
  'nor about %j',
  async (manifests, changed) => {
    const { exitCode, lines } = await scene.run({ ...three(), ...changed, manifests, 'dry-run': 'true' })
    expect(notices(lines)).toEqual([])
    expect(exitCode).toBe(0)
  },
  60_000,
)

test('rendered: model, image by digest, release and size are those of the snapshot', async () => {
  expect((await scene.run({ ...three(), mode: 'render' })).exitCode).toBe(0)
  expect(rendered('deployment.yaml')).toContain(`- ${path}\n`)
  expect(rendered('deployment.yaml')).toContain(`image: ${image}\n`)
  expect(rendered('nodeclass.yaml')).toContain('bottlerocket@v1.69.0')
  expect(rendered('nodeclass.yaml')).toMatch(/volumeSize: \d+Gi/)
  expect(rendered('nodeclass.yaml')).toContain(`karpenter.sh/discovery: ${scene.simulator.clusterName}`)
})

test('a newer release, a larger volume and another tag for discovery may be given by hand', async () => {
  const variables = 'NODE_ROLE=node\nBOTTLEROCKET_VERSION=1.70.0\nVOLUME_SIZE=500Gi\nCLUSTER_NAME=discovery'
  expect((await scene.run({ ...three(), mode: 'render', variables })).errors).toEqual([])
  expect(rendered('nodeclass.yaml')).toContain('bottlerocket@v1.70.0')
  expect(rendered('nodeclass.yaml')).toContain('volumeSize: 500Gi')
  expect(rendered('nodeclass.yaml')).toContain('karpenter.sh/discovery: discovery')
})

test('values that contradict the snapshot are errors that show both', async () => {
  const variables = `NODE_ROLE=node\nMODEL_PATH=${path}0\nVLLM_IMAGE=docker.io/vllm/vllm-openai:v0.1.0`
  const { exitCode, errors, operations } = await scene.run({ ...three(), variables })
  expect(exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  const message = errors[0]?.replaceAll('%0A', '\n') ?? ''
  expect(message).toContain(`\`MODEL_PATH\` is \`${path}0\`, and ${scene.snapshots[0]} has \`${path}\`.`)
  expect(message).toContain(`\`VLLM_IMAGE\` is \`docker.io/vllm/vllm-openai:v0.1.0\`, and ${scene.snapshots[0]} has \`${image}\`.`)
  expect(operations).toEqual(['DescribeSnapshots'])
})

test('the model that was asked for must be the one on the snapshot', async () => {
  const { errors } = await scene.run({ ...three(), model: 'owner/other' })
  expect(errors[0]).toContain('`model`: is `owner/other`, and ')
  expect(errors[0]).toContain('has `TheBloke/Mistral-7B-Instruct-v0.2-AWQ`.')
  expect((await scene.run({ ...three(), mode: 'render', model: 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ' })).exitCode).toBe(0)
})

test('no snapshot yet: one error, which says so', async () => {
  const { errors } = await scene.run({ ...three(), 'snapshot-id': '' })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toContain('`snapshot-id`: is empty, and the manifests use `${VLLM_IMAGE}`, ')
  expect(errors[0]).not.toMatch(/NODECLASS_HASH|no value/)
})

test('without AWS, one error with the reason; with the values by hand, a set is rendered', async () => {
  const blank = { AWS_REGION: '', AWS_DEFAULT_REGION: '' }
  const render = { ...three(), 'cluster-name': '', mode: 'render' }
  const { errors } = await scene.run({ ...render, variables: 'NODE_ROLE=node\nCLUSTER_NAME=demo' }, undefined, { environment: blank })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatch(/`snapshot-id`: snap-\w+ could not be read: aws-region is missing/)
  const byHand = `NODE_ROLE=node\nCLUSTER_NAME=demo\nMODEL_PATH=${path}\nVLLM_IMAGE=${image}\nBOTTLEROCKET_VERSION=1.69.0\nVOLUME_SIZE=150Gi`
  expect((await scene.run({ ...render, variables: byHand }, undefined, { environment: blank })).errors).toEqual([])
})

test('what one snapshot does not have is named with it', async () => {
  const { snapshots } = await connectAws({ region: 'us-west-2', account: scene.simulator.account })
  const [base] = await snapshots.find({ 'prebake:verified': 'quick' }, signal)
  const id = base?.snapshotId ?? ''
  await snapshots.tag(id, { 'prebake:image-2': `ghcr.io/me/vllm@${digest}` }, signal)
  const { errors } = await scene.run({ ...three(), 'snapshot-id': id })
  expect(errors.join('\n')).toMatch(/deploy\/vllm\/deployment\.yaml:\d+:\d+`: `\$\{VLLM_IMAGE\}` has no value\. .*of several images/)
})

test.each([
  ['snapshot-not-given', 'snapshot-id', undefined, {}],
  [
    'snapshot-unreadable',
    'snapshot-id',
    { snapshotId: 'snap-1', record: undefined, volumeSizeGiB: 0, unread: 'could not be read: denied.' },
    {},
  ],
  ['variable-contradicts-snapshot', 'variables', readBy(), { MODEL: 'owner/other' }],
])('%s at %s', (code, input, snapshot, variables) => {
  const used = new Set(['SNAPSHOT_ID', 'MODEL', 'NODE_ROLE'])
  expect(readVariables({ variables, clusterName: undefined }, snapshot, used).problems).toEqual([expect.objectContaining({ code, input })])
})

test('a snapshot that is not there: snapshot-not-found', async () => {
  const given = { snapshotId: 'snap-0123456789abcdef0', snapshotTags: {}, awsRegion: 'us-west-2', model: undefined, variables: {} }
  const environment = process.env
  process.env = { ...process.env, ...scene.simulator.environment }
  try {
    await expect(findSnapshot(given, true, signal)).rejects.toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ code: 'snapshot-not-found', input: 'snapshot-id' })] }),
    )
  } finally {
    process.env = environment
  }
})

test('a comment or an escape is no use of a variable: nothing is looked up', async () => {
  const file = join(scene.workspace, 'plain.yaml')
  writeFileSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: "$${MODEL_PATH} $${SNAPSHOT_ID}" }\n')
  appendFileSync(file, '# ${VLLM_IMAGE}\n')
  const { exitCode, operations } = await scene.run({ mode: 'render', kubeconfig: '', manifests: 'plain.yaml', variables: '' })
  expect([exitCode, operations]).toEqual([0, []])
})

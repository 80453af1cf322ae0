import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let simulator: Simulator
let folder: string
let workspace: string
beforeAll(async () => {
  // No real script runs here, so time may fly.
  simulator = await startSimulator({ rate: 300 })
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  workspace = join(folder, 'workspace')
})
beforeEach(() => {
  rmSync(workspace, { recursive: true, force: true })
  cpSync(join(import.meta.dirname, '../../../deploy'), join(workspace, 'deploy'), { recursive: true })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const variables = () => `NODE_ROLE=node\nCLUSTER_NAME=test\nVLLM_IMAGE=${simulator.demoInputs['images']}`

async function apply(inputs: Record<string, string> = {}, environment = simulator.environment) {
  const before = simulator.requests().length
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { kubeconfig: simulator.kubeconfig, manifests: 'deploy/vllm/baseline', variables: variables(), ...inputs },
    environment,
    workspace,
    temp: folder,
  })
  // A dry run is a PATCH too; what counts is what the cluster then has.
  return { ...main, errors: main.lines.filter((line) => line.startsWith('::error')), requests: simulator.requests().slice(before) }
}

const objects = () => ['EC2NodeClass', 'NodePool', 'Deployment'].flatMap((kind) => simulator.kubernetes.objects(kind))

test.each<[string, (text: string) => string, readonly string[]]>([
  ['an unresolved variable', (text) => text.replace('${VLLM_IMAGE}', '${VLLM_IMGE}'), ['deployment.yaml:', 'VLLM_IMGE', 'Did you mean']],
  ['broken YAML', (text) => text.replace('  name: vllm', '  name: "vllm'), ['deployment.yaml:']],
  ['an unknown kind', (text) => text.replace('kind: Deployment', 'kind: Deploymnet'), ['deployment.yaml', 'Deploymnet']],
])('%s: file and place are named, and nothing is applied', async (_title, spoil, words) => {
  const file = join(workspace, 'deploy/vllm/baseline/deployment.yaml')
  writeFileSync(file, spoil(readFileSync(file, 'utf8')))
  const { exitCode, errors } = await apply()
  expect(exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  for (const word of words) expect(errors[0]).toContain(word)
  expect(objects()).toEqual([])
})

test('a cluster that cannot be reached is named by its address', async () => {
  const { exitCode, errors } = await apply({ kubeconfig: simulator.kubeconfig.replace(/http:\/\/127\.0\.0\.1:\d+/, 'http://127.0.0.1:1') })
  expect(exitCode).toBe(1)
  expect(errors[0]).toContain('http://127.0.0.1:1')
})

test('files outside the workspace are refused', async () => {
  const { exitCode, errors } = await apply({ manifests: '../elsewhere.yaml' })
  expect(exitCode).toBe(1)
  expect(errors[0]).toContain('`manifests`')
})

test('applies, waits until it serves, and has nothing to do a second time', async () => {
  const first = await apply()
  expect(first.errors).toEqual([])
  expect(first.outputs).toMatchObject({ changed: 'true', revision: '1' })
  expect(objects()).toHaveLength(3)
  const second = await apply()
  expect(second.outputs).toMatchObject({ changed: 'false' })
})

const unknownSnapshot = () => ({
  manifests: 'deploy/vllm',
  'snapshot-id': 'snap-0123456789abcdef0',
  variables: `${variables()}\nMODEL_PATH=/mnt/models/x\nBOTTLEROCKET_VERSION=1.69.0\nVOLUME_SIZE=150Gi`,
})

test('a snapshot that does not exist: one error at its input, not one for each value that it would have', async () => {
  const before = objects()
  const { exitCode, errors } = await apply({ ...unknownSnapshot(), variables: 'NODE_ROLE=node\nCLUSTER_NAME=test' })
  expect(exitCode).toBe(1)
  expect(errors).toEqual([expect.stringContaining('`snapshot-id`: snap-0123456789abcdef0 does not exist in us-west-2 in this account.')])
  expect(objects()).toEqual(before)
})

test('one that stands in a manifest and does not exist: the preflight says so with its rule, and nothing is applied', async () => {
  const before = objects()
  const { 'snapshot-id': id, ...given } = unknownSnapshot()
  const file = join(workspace, 'deploy/vllm/nodeclass.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('${SNAPSHOT_ID}', id))
  const { exitCode, errors } = await apply(given)
  expect(exitCode).toBe(1)
  expect(errors.join('\n')).toMatch(
    /deploy\/vllm\/nodeclass\.yaml:1 EC2NodeClass vllm-[0-9a-f]{10} spec\.blockDeviceMappings\[1\]\.ebs\.snapshotID.* does not exist .*\[snapshot-missing\]/,
  )
  expect(objects()).toEqual(before)
})

test('without an account to look into: said, and the condition of the NodeClass is reported; the old pods go on serving', async () => {
  const { AWS_REGION: _, ...withoutRegion } = simulator.environment
  const { exitCode, lines } = await apply(unknownSnapshot(), withoutRegion)
  expect(exitCode).toBe(1)
  expect(lines).toContainEqual(
    expect.stringMatching(/^Not checked, because no AWS account was given to look for the snapshot: snapshot-missing, /),
  )
  expect(lines.join('\n')).toContain('snap-0123456789abcdef0')
  const [deployment] = simulator.kubernetes.objects('Deployment') as unknown as { status: { readyReplicas: number } }[]
  expect(deployment?.status.readyReplicas).toBe(1)
})

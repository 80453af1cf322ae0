import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectAws } from '@prebake/aws'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'
import { mistralAwq } from '../../../packages/simulator/src/hub/models/mistral-awq.ts'
import { startScene, type Scene } from './scene.ts'

const { signal } = new AbortController()
let scene: Scene
let snapshotId: string
let imageOnly: string
beforeAll(async () => {
  scene = await startScene()
  const { simulator } = scene
  const { snapshots } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const image = { 'prebake:fingerprint': 'f', 'prebake:architecture': 'x86_64', 'prebake:bottlerocket': '1.69.0', 'prebake:verified': 'quick', 'prebake:image-1': `docker.io/vllm/vllm-openai@sha256:${'a1'.repeat(32)}` } // prettier-ignore
  const model = { 'prebake:model': mistralAwq.id, 'prebake:revision': mistralAwq.commit }
  const create = async (tags: Record<string, string>) => {
    const made = await snapshots.create(await bootVolume(simulator), 'test', { 'prebake:run': 'test', ...tags }, signal)
    while ((await snapshots.get(made.snapshotId, signal))?.state !== 'completed') await simulator.sleep(20)
    return made.snapshotId
  }
  snapshotId = await create({ ...image, ...model })
  imageOnly = await create(image)
})
afterAll(() => scene.stop())

const variables = 'NODE_ROLE=node\nCLUSTER_NAME=test'
const benchmark = (inputs: Record<string, string> = {}) =>
  scene.run('scale-benchmark', {
    'github-token': scene.simulator.githubToken,
    'pull-request': '1',
    'baseline-manifests': 'without-snapshot',
    'snapshot-id': snapshotId,
    variables,
    ...inputs,
  })
const kinds = () => scene.count('Deployment', 'NodePool', 'EC2NodeClass')

interface Reported {
  readonly run: { readonly arm: 'candidate' | 'baseline' }
  readonly environment: { readonly snapshotId?: string; readonly volume?: { readonly fromSnapshot: boolean } }
  readonly pods: readonly { readonly cacheHit: boolean; readonly rows: readonly { readonly phase: string; readonly seconds: number }[] }[]
}

test('the control downloads and pulls, the candidate does neither, and the verdict is what the snapshot gains', async () => {
  const { main, post } = await benchmark()
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  const { runs } = JSON.parse(readFileSync(main.outputs['report'] ?? '', 'utf8')) as { runs: readonly Reported[] }
  const facts = Object.fromEntries(
    runs.map(({ run, environment, pods }) => {
      const seconds = (phase: string) =>
        Math.max(...pods.map(({ rows }) => rows.reduce((sum, row) => (row.phase === phase ? sum + row.seconds : sum), 0)))
      const { snapshotId: from, volume } = environment
      return [run.arm, { pods: pods.length, pulls: seconds('image') > 1, downloads: seconds('weights.download') > 1, fromSnapshot: volume?.fromSnapshot, from }] // prettier-ignore
    }),
  )
  expect(facts).toEqual({
    candidate: { pods: 4, pulls: false, downloads: false, fromSnapshot: true, from: snapshotId },
    baseline: { pods: 4, pulls: true, downloads: true, fromSnapshot: false, from: undefined },
  })
  expect(main.outputs['verdict']).toBe('faster')
  expect((await post?.())?.exitCode).toBe(0)
  expect(kinds()).toEqual({ Deployment: 0, NodePool: 0, EC2NodeClass: 0 })
})

test.each([
  ['no snapshot', () => ({ 'snapshot-id': '', manifests: 'deploy/vllm/baseline', variables: scene.variables }), 'control-snapshot-missing'],
  ['an image alone', () => ({ 'snapshot-id': imageOnly, variables: `${variables}\nMODEL_PATH=/mnt/models/a` }), 'control-without-model'],
  ['paths beside it', () => ({ 'baseline-manifests': 'without-snapshot\ndeploy/vllm/baseline' }), 'baseline-ambiguous'],
])('%s: one clear error, and nothing is made', async (_title, inputs, code) => {
  const { main } = await benchmark(inputs())
  expect(main.exitCode).toBe(1)
  expect(main.lines.join('\n')).toContain(code)
  expect(kinds()).toEqual({ Deployment: 0, NodePool: 0, EC2NodeClass: 0 })
})

test('a path of this name: it is asked which one is meant', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  mkdirSync(join(workspace, 'without-snapshot'))
  const other = await startScene({}, workspace)
  try {
    const { main } = await other.run('scale-benchmark', { 'baseline-manifests': 'without-snapshot', 'snapshot-id': snapshotId, variables })
    expect(main.exitCode).toBe(1)
    expect(main.lines.join('\n')).toContain('baseline-ambiguous')
  } finally {
    await other.stop()
    rmSync(workspace, { recursive: true })
  }
})

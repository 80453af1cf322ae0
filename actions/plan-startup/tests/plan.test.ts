import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { connectAws } from '@prebake/aws'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'

let folder: string
let simulator: Simulator
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plan-test-'))
  simulator = await startSimulator({ rate: 1200 })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const plan = (inputs: Record<string, string>, environment: Record<string, string> = {}) =>
  runStep({ action: join(import.meta.dirname, '..'), inputs, environment, workspace: folder, temp: folder }).then(({ main }) => main)

test('without an account: a prediction, the cheapest setting for a target, and all of it as JSON', async () => {
  const { exitCode, outputs, summary } = await plan({ 'model-gb': '14.5', 'target-seconds': '130' })
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ met: 'true' })
  const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
    given: { podSeconds: { expected: number } }
    search: { cheapest: { allSeconds: { expected: number }; dollars: { perMonth: number } } }
  }
  expect(outputs['predicted-seconds']).toBe(report.given.podSeconds.expected.toFixed(1))
  expect(report.search.cheapest.allSeconds.expected).toBeLessThanOrEqual(130)
  expect(outputs['dollars-per-month']).toBe(report.search.cheapest.dollars.perMonth.toFixed(2))
  expect(summary).toContain('pod created → Ready')
})

test('a target that nothing meets is no failure, and says what would have to change', async () => {
  const { exitCode, outputs, lines } = await plan({ 'model-gb': '14.5', 'target-seconds': '20' })
  expect({ exitCode, met: outputs['met'] }).toEqual({ exitCode: 0, met: 'false' })
  expect(lines.find((line) => line.startsWith('::warning'))).toContain('node takes')
})

test('the size may be that of a snapshot', async () => {
  const { signal } = new AbortController()
  const { snapshots } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const tags = { 'prebake:run': 'r', 'prebake:fingerprint': 'f', 'prebake:image-1': `docker.io/vllm/vllm-openai@sha256:${'0'.repeat(64)}` }
  const { snapshotId } = await snapshots.create(await bootVolume(simulator), 'test', tags, signal)
  while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(20)
  const found = await plan({ 'snapshot-id': snapshotId }, simulator.environment)
  // 45 GiB are 48.3 GB; an image of 9.4 GB takes 29.1 of them.
  expect(found.lines.join('\n')).toContain('19.2 GB of weights')
  const large = await plan({ 'snapshot-id': snapshotId, 'image-gb': '20' }, simulator.environment)
  expect(large).toMatchObject({ exitCode: 1, outputs: {} })
  expect(large.lines.join('\n')).toContain('leaves nothing for weights')
  expect((await plan({ 'snapshot-id': 'snap-0123456789abcdef0' }, simulator.environment)).lines.join('\n')).toContain('has no snapshot')
})

test('what a snapshot lacks has a code', async () => {
  const { findContent } = await import('../src/find-content.ts')
  const { signal } = new AbortController()
  const keys = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
  for (const key of keys) process.env[key] = simulator.environment[key]
  try {
    const given = { modelGb: undefined, snapshotId: 'snap-0123456789abcdef0', imageGb: '9', awsRegion: undefined, bake: 'both' } as const
    await expect(findContent(given, signal)).rejects.toMatchObject({ errorCode: 'plan-snapshot-missing' })
  } finally {
    for (const key of keys) delete process.env[key]
  }
})

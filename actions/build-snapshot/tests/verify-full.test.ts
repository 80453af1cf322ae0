import { globSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let folder: string
let simulator: Simulator
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  mkdirSync(join(folder, 'machines'))
})
afterEach(() => simulator.stop())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function build(inputs: Record<string, string>, onLine: (line: string) => void = () => undefined) {
  const { main } = await runStep({
    action: join(import.meta.dirname, '..'),
    inputs: { ...simulator.demoInputs, ...inputs },
    environment: simulator.environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
    onLine,
  })
  return { ...main, log: main.lines.join('\n') }
}
const verified = () => simulator.aws.snapshots().map(({ tags }) => tags['prebake:verified'])
const launches = () => simulator.requests().filter(({ operation }) => operation === 'RunInstances')

/** Turns one byte in the middle of the weights, on every machine and in every snapshot that there is now. */
function spoil(): void {
  for (const weights of globSync(join(folder, 'machines/**/blobs/3984a8af695c*'))) {
    const file = openSync(weights, 'r+')
    writeSync(file, 'X', 30_000_000)
    closeSync(file)
  }
}

test('a snapshot that passed quick only is checked again where full is asked for, and then serves both', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const quick = await build({})
  expect(verified()).toEqual(['quick'])
  const full = await build({ verify: 'full' })
  expect(full.outputs).toMatchObject({ 'snapshot-id': quick.outputs['snapshot-id'], reused: 'true' })
  expect(full.log).toContain('Verified: files=')
  expect(verified()).toEqual(['full'])
  expect(launches()).toHaveLength(3)
  expect(JSON.stringify(launches()[2]?.parameters)).toContain('VolumeInitializationRate')
  const again = await build({ verify: 'full' })
  expect(again.outputs).toMatchObject({ 'snapshot-id': quick.outputs['snapshot-id'], reused: 'true' })
  expect(launches()).toHaveLength(3)
}, 120_000)

test('one wrong byte: quick cannot see it, full does; the snapshot is then neither reused nor published', async () => {
  simulator = await startSimulator({ folder: join(folder, 'machines') })
  const quick = await build({}, (line) => {
    if (/Snapshot snap-[0-9a-f]+ of vol-/.test(line)) spoil()
  })
  expect(quick.exitCode).toBe(0)
  const full = await build({ verify: 'full' })
  expect(full.exitCode).toBe(1)
  expect(full.log).toMatch(/the sha256 of model\.safetensors is [0-9a-f]{64} instead of 3984a8af695c/)
  expect(verified()).toEqual(['failed'])
  const publish = await runStep({
    action: join(import.meta.dirname, '../../publish-snapshot'),
    inputs: { 'snapshot-id': quick.outputs['snapshot-id'] ?? '', 'variable-token': simulator.variableToken },
    environment: simulator.environment,
    workspace: join(folder, 'workspace'),
    temp: folder,
  })
  expect(publish.main.lines.join('\n')).toContain('failed its verification on a second instance')
  expect(simulator.variables()).toEqual({})
  const next = await build({})
  expect(next.outputs['reused']).toBe('false')
  expect(next.outputs['snapshot-id']).not.toBe(quick.outputs['snapshot-id'])
}, 180_000)

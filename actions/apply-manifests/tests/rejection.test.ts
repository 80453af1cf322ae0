import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openScene, type Scene } from './open-scene.ts'

// Each failed rollout, and then exactly what its hint says to do: by then it must work. A case waits for simulated time nearly all of its own, so each has
// a scene of its own, and they run beside each other.
async function openCase(rate = 60) {
  const scene = await openScene({ rate })
  const [good, other] = scene.snapshots
  const run = (inputs: Readonly<Record<string, string>>) => scene.run(inputs)
  const { errors } = await run({ 'snapshot-id': good })
  if (errors.length > 0) throw new Error(errors.join('\n'))
  await pointAt(scene, other)
  return {
    scene,
    good,
    other,
    run,
    spoil: (flaw: Flaw | undefined) => scene.simulator.aws.disturb({ kind: 'snapshot-spoiled', snapshotId: other, flaw }),
    rejection: async () => (await scene.tagsOf(other))?.['prebake:rejected'],
    [Symbol.asyncDispose]: () => scene.close(),
  }
}
type Flaw = 'no folder' | 'no model' | 'broken shard' | 'broken image'

async function pointAt({ simulator }: Scene, value: string): Promise<void> {
  const url = `${simulator.endpoints.github}/repos/octo-org/vllm-on-eks/actions/variables`
  const headers = { authorization: `Bearer ${simulator.variableToken}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'VLLM_SNAPSHOT_ID', value })
  await fetch(url, { method: 'POST', headers, body })
}

test.concurrent.each([true, false])(
  'a deadline while the node boots says nothing about the snapshot; with more time it rolls out (token: %s)',
  async (token) => {
    // The deadline has to find a node that boots, also where the action itself needs seconds to start.
    await using each = await openCase(20)
    const { scene, other, run, rejection } = each
    const inputs = token ? { 'variable-token': scene.simulator.variableToken } : {}
    const failed = await run({ ...inputs, 'snapshot-id': other, timeout: '60s' })
    expect(failed).toMatchObject({ exitCode: 1, outputs: { 'rolled-back': 'true' } })
    expect(failed.errors.join()).toContain('not rejected')
    expect(await rejection()).toBeUndefined()
    expect(scene.simulator.variables()).toMatchObject({ VLLM_SNAPSHOT_ID: other })
    // "Fix the cause above, then re-run the job."
    const again = await run({ ...inputs, 'snapshot-id': scene.simulator.variables()['VLLM_SNAPSHOT_ID'] ?? '', timeout: '30m' })
    expect(again).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', proven: 'true' } })
  },
  180_000,
)

test.concurrent.each([
  ['no folder', 'volume-not-mountable'],
  ['no model', 'model-missing'],
  ['broken shard', 'model-unreadable'],
  ['broken image', 'image-broken'],
] as const)(
  'a snapshot with %s is rejected as %s, and what the hint says takes that back',
  async (flaw, cause) => {
    await using each = await openCase()
    const { scene, good, other, run, rejection, spoil } = each
    await spoil(flaw)
    const token = { 'variable-token': scene.simulator.variableToken }
    const failed = await run({ ...token, 'snapshot-id': other, timeout: '8m' })
    expect(failed).toMatchObject({ exitCode: 1, outputs: { 'rolled-back': 'true' } })
    expect(failed.errors.join()).toContain(`${other} is to blame (${cause})`)
    expect(failed.lines.join()).toContain('`clear-rejection: true`')
    expect(await rejection()).toMatch(new RegExp(`^rollout .*: ${cause}: `))
    expect(scene.simulator.variables()).toMatchObject({ VLLM_SNAPSHOT_ID: good })
    // Neither by its ID nor as the latest.
    const refused = await run({ 'snapshot-id': other })
    expect(refused.errors.join()).toContain('[snapshot-rejected]')
    expect((await run({ 'snapshot-id': 'latest', 'dry-run': 'true' })).lines).toContain(`The latest snapshot is ${good}`)
    // As if the snapshot had not been to blame: the way back.
    await spoil(undefined)
    const back = await run({ 'snapshot-id': other, 'clear-rejection': 'true' })
    expect(back).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', proven: 'true' } })
    expect(await rejection()).toBeUndefined()
    const twice = await run({ 'snapshot-id': other, 'clear-rejection': 'true' })
    expect(twice).toMatchObject({
      exitCode: 0,
      lines: expect.arrayContaining([expect.stringContaining('`clear-rejection` had nothing to do')]),
    })
  },
  240_000,
)

test.concurrent(
  'a crash by the arguments says nothing about the snapshot; with the right ones it rolls out',
  async () => {
    await using each = await openCase()
    const { scene, run, rejection } = each
    const file = join(scene.workspace, 'deploy/vllm/deployment.yaml')
    const right = readFileSync(file, 'utf8')
    writeFileSync(file, right.replace('${MODEL_PATH}', '/opt/nothing'))
    const inputs = { 'snapshot-id': 'latest', 'ignore-rules': 'model-path-not-baked' }
    const failed = await run(inputs)
    writeFileSync(file, right)
    expect(failed).toMatchObject({ exitCode: 1, outputs: { 'rolled-back': 'true' } })
    expect(failed.errors.join()).toMatch(/has crashed \d+ times/)
    expect(await rejection()).toBeUndefined()
    expect(await run(inputs)).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', proven: 'true' } })
  },
  180_000,
)

test.concurrent.each([true, false])(
  'an image that cannot be pulled says nothing about the snapshot; with the right one it rolls out (token: %s)',
  async (token) => {
    await using each = await openCase()
    const { scene, other, run, rejection } = each
    const file = join(scene.workspace, 'deploy/vllm/deployment.yaml')
    const right = readFileSync(file, 'utf8')
    writeFileSync(file, right.replaceAll('${VLLM_IMAGE}', 'registry.invalid/vllm@sha256:' + 'e5'.repeat(32)))
    const inputs = { ...(token && { 'variable-token': scene.simulator.variableToken }), 'ignore-rules': 'image-not-baked' }
    const failed = await run({ ...inputs, 'snapshot-id': other, timeout: '10m' })
    writeFileSync(file, right)
    expect(failed).toMatchObject({ exitCode: 1, outputs: { 'rolled-back': 'true' } })
    expect(failed.errors.join()).toMatch(/ImagePullBackOff: Back-off pulling image "registry\.invalid\/vllm@/)
    expect(failed.errors.join()).toContain('no such host')
    expect(failed.errors.join()).toContain(`Nothing here speaks against ${other}: not rejected.`)
    expect(await rejection()).toBeUndefined()
    expect(scene.simulator.variables()).toMatchObject({ VLLM_SNAPSHOT_ID: other })
    // "Fix the cause above, then re-run the job."
    const again = await run({ ...inputs, 'snapshot-id': scene.simulator.variables()['VLLM_SNAPSHOT_ID'] ?? '' })
    expect(again).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', proven: 'true' } })
  },
  180_000,
)

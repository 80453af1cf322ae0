import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { openScene, type Scene } from './open-scene.ts'

// The other half of a rejection's hint: "Build the snapshot again (build-snapshot with `rebuild: true`), and roll that out."
let scene: Scene
beforeAll(async () => {
  scene = await openScene({ rate: 60 })
}, 60_000)
afterAll(() => scene.close())

async function build(inputs: Readonly<Record<string, string>>) {
  const { simulator, workspace } = scene
  const { main } = await runStep({
    action: join(import.meta.dirname, '../../build-snapshot'),
    inputs: { ...simulator.demoInputs, ...inputs },
    environment: simulator.environment,
    workspace,
    temp: join(workspace, '..'),
  })
  return main
}
const rejection = async () => (await scene.tagsOf(scene.snapshots[1]))?.['prebake:rejected']

test('a rejected snapshot is built again, and what was built rolls out, with and without a token for the variable', async () => {
  const [good, bad] = scene.snapshots
  expect(await scene.run({ 'snapshot-id': good })).toMatchObject({ exitCode: 0, errors: [] })
  await scene.simulator.aws.disturb({ kind: 'snapshot-spoiled', snapshotId: bad, flaw: 'no model' })
  let rebuilt = ''
  for (const token of [{ 'variable-token': scene.simulator.variableToken }, {}]) {
    const failed = await scene.run({ ...token, 'snapshot-id': bad, timeout: '8m', 'clear-rejection': String(rebuilt !== '') })
    expect(failed).toMatchObject({ exitCode: 1, outputs: { 'rolled-back': 'true' } })
    expect(failed.lines.join()).toContain('Build the snapshot again (build-snapshot with `rebuild: true`), and roll that out.')
    expect(await rejection()).toMatch(/model-missing/)
    if (rebuilt === '') {
      const { exitCode, outputs } = await build({ rebuild: 'true' })
      if (exitCode !== 0 || outputs['reused'] !== 'false') throw new Error(`The build ended with ${exitCode}, reused ${outputs['reused']}.`)
      rebuilt = outputs['snapshot-id'] ?? ''
    }
    const again = await scene.run({ ...token, 'snapshot-id': rebuilt })
    expect(again).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', proven: 'true' } })
    // What serves now must not be what is rolled out again, for the next turn.
    expect(await scene.run({ 'snapshot-id': good })).toMatchObject({ exitCode: 0, errors: [] })
  }
}, 300_000)

import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { openScene, type Scene } from './open-scene.ts'

// The other half of a rejection's hint: "Build the snapshot again (build-snapshot with `rebuild: true`), and roll that out."
async function build({ simulator, workspace }: Scene, inputs: Readonly<Record<string, string>>) {
  const { main } = await runStep({
    action: join(import.meta.dirname, '../../build-snapshot'),
    inputs: { ...simulator.demoInputs, ...inputs },
    environment: simulator.environment,
    workspace,
    temp: join(workspace, '..'),
  })
  return main
}

// They wait for simulated time most of their own, and run beside each other.
test.concurrent.each([true, false])(
  'a rejected snapshot is built again, and what was built rolls out (token for the variable: %s)',
  async (withToken) => {
    await using ending = new AsyncDisposableStack()
    const scene = await openScene({ rate: 60 })
    ending.defer(() => scene.close())
    const [good, bad] = scene.snapshots
    const token = withToken ? { 'variable-token': scene.simulator.variableToken } : {}
    expect(await scene.run({ 'snapshot-id': good })).toMatchObject({ exitCode: 0, errors: [] })
    await scene.simulator.aws.disturb({ kind: 'snapshot-spoiled', snapshotId: bad, flaw: 'no model' })
    const failed = await scene.run({ ...token, 'snapshot-id': bad, timeout: '8m' })
    expect(failed).toMatchObject({ exitCode: 1, outputs: { 'rolled-back': 'true' } })
    expect(failed.lines.join()).toContain('Build the snapshot again (build-snapshot with `rebuild: true`), and roll that out.')
    expect((await scene.tagsOf(bad))?.['prebake:rejected']).toMatch(/model-missing/)
    const { exitCode, outputs } = await build(scene, { rebuild: 'true' })
    expect({ exitCode, reused: outputs['reused'] }).toEqual({ exitCode: 0, reused: 'false' })
    const again = await scene.run({ ...token, 'snapshot-id': outputs['snapshot-id'] ?? '' })
    expect(again).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', proven: 'true' } })
  },
  300_000,
)

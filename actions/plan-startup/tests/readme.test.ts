import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { connectAws } from '@prebake/aws'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { parse } from 'yaml'
import { bootVolume } from '../../../packages/aws/tests/boot-volume.ts'
import { bakeRecord } from '../../apply-manifests/tests/open-scene.ts'

const root = join(import.meta.dirname, '../../..')
const readme = (action: string) => readFileSync(join(root, 'actions', action, 'README.md'), 'utf8')
const blocks = (text: string) => [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, block]) => block ?? '')
/** The workflow and the lines of the EC2NodeClass. */
const snippets = (action: string) => blocks(readme(action)).filter((block) => /VOLUME_THROUGHPUT/.test(block))

interface Step {
  readonly uses: string
  readonly with?: Readonly<Record<string, string | number>>
}

let folder: string
let simulator: Simulator
let snapshotId: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plan-test-'))
  simulator = await startSimulator({ rate: 1200 })
  const { snapshots } = await connectAws({ region: 'us-west-2', account: simulator.account })
  const { signal } = new AbortController()
  snapshotId = (await snapshots.create(await bootVolume(simulator), 'test', bakeRecord(), signal)).snapshotId
  while ((await snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(20)
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** `${{ a.b || 100 }}` */
function evaluate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ ([\w.-]+)(?: \|\| (\w+))? \}\}/g, (_, name: string, other = '') => values[name] || other)
}

test('both READMEs have the same steps', () => {
  expect(snippets('plan-startup')).toHaveLength(2)
  expect(snippets('apply-manifests')).toEqual(snippets('plan-startup'))
})

// A target that a rate meets, and one that takes Fast Snapshot Restore, for which the plan has no rate.
test.each([240, 200])(
  'the steps work as they are written, with a target of %i s',
  async (target) => {
    const [workflow = '', lines = ''] = snippets('plan-startup')
    const { steps } = parse(workflow) as { steps: readonly Step[] }
    const workspace = join(folder, `workspace-${target}`)
    cpSync(join(root, 'deploy'), join(workspace, 'deploy'), { recursive: true })
    const nodeClass = join(workspace, 'deploy/vllm/nodeclass.yaml')
    let text = readFileSync(nodeClass, 'utf8')
    for (const line of lines.trimEnd().split('\n')) {
      const field = /^ +\w+:/.exec(line)?.[0] ?? '?'
      expect(text).toContain(field)
      text = text.replace(new RegExp(`^${field}.*$`, 'm'), line)
    }
    writeFileSync(nodeClass, text)

    const values: Record<string, string> = { 'vars.VLLM_SNAPSHOT_ID': snapshotId, 'vars.NODE_ROLE': 'node', 'vars.CLUSTER_NAME': 'demo' }
    const run = async (action: string, more: Record<string, string> = {}) => {
      const step = steps.find(({ uses }) => uses.includes(`/${action}@`))
      const given = Object.fromEntries(Object.entries(step?.with ?? {}).map(([name, value]) => [name, evaluate(String(value), values)]))
      const options = { environment: simulator.environment, workspace, temp: folder }
      return (await runStep({ action: join(root, 'actions', action), inputs: { ...given, ...more }, ...options })).main
    }
    const plan = await run('plan-startup', { 'target-seconds': String(target) })
    expect({ code: plan.exitCode, errors: plan.lines.filter((line) => line.startsWith('::error')) }).toEqual({ code: 0, errors: [] })
    expect(plan.outputs).toMatchObject({ met: 'true' })
    expect(plan.outputs['volume-initialization-rate'] === '').toBe(target === 200)
    for (const [name, value] of Object.entries(plan.outputs)) values[`steps.plan.outputs.${name}`] = value
    const rendered = await run('apply-manifests', { mode: 'render' })
    expect({ code: rendered.exitCode, errors: rendered.lines.filter((line) => line.startsWith('::error')) }).toEqual({
      code: 0,
      errors: [],
    })
    const path = rendered.lines.map((line) => /^(\S*nodeclass\S*\.yaml) written$/i.exec(line)?.[1]).find((found) => found !== undefined)
    const { spec } = parse(readFileSync(join(workspace, path ?? ''), 'utf8')) as {
      spec: { blockDeviceMappings: readonly { ebs: Record<string, unknown> }[] }
    }
    expect(spec.blockDeviceMappings[1]?.ebs).toMatchObject({
      throughput: Number(plan.outputs['volume-throughput']),
      iops: Number(plan.outputs['volume-iops']),
      volumeInitializationRate: Number(plan.outputs['volume-initialization-rate'] || 100),
    })
  },
  60_000,
)

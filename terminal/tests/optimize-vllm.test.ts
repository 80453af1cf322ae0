import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { openTerminal, type ProgramResult, type TerminalScene } from './open-terminal.ts'

/** An existing cluster whose pods download the model, and the guide's command. */
let scene: TerminalScene
let rehearsed: { readonly result: ProgramResult; readonly changes: readonly string[]; readonly files: readonly (string | undefined)[] }
let first: ProgramResult
beforeAll(async () => {
  scene = await openTerminal()
  const { simulator, folder } = scene
  const variables = `NODE_ROLE=gpu-node\nCLUSTER_NAME=demo\nVLLM_IMAGE=${simulator.demoInputs['images']}`
  const { main } = await runStep({
    action: join(import.meta.dirname, '../../actions/apply-manifests'),
    inputs: { manifests: 'deploy/vllm/baseline', variables, kubeconfig: simulator.kubeconfig },
    environment: simulator.environment,
    workspace: folder,
    temp: folder,
  })
  if (main.exitCode !== 0) throw new Error(main.lines.join('\n'))
  const before = scene.changes().length
  // Cluster name and node role are what the EC2NodeClass in the cluster says.
  const found = ['--yes', '--build', `images=${simulator.demoInputs['images']}`]
  const result = await scene.run('optimize-vllm', ['--dry-run', ...found])
  rehearsed = { result, changes: scene.changes().slice(before), files: ['.prebake.json', '.snapshot-id'].map((file) => scene.read(file)) }
  first = await scene.run('optimize-vllm', found)
})
afterAll(() => scene.close())

const launches = () => scene.simulator.requests().filter(({ operation }) => operation === 'RunInstances').length
const deployment = () => JSON.stringify(scene.simulator.kubernetes.objects('Deployment'))

test('a dry run checks build and rollout, and changes nothing', () => {
  const { result, changes, files } = rehearsed
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  expect(changes).toEqual([])
  expect(files).toEqual([undefined, undefined])
  const text = result.lines.join('\n')
  expect(text).toContain('Deployment default/vllm would be changed')
  expect(text).toMatch(/nodes with the role gpu-node/)
})

test('it bakes, writes .snapshot-id, and the pods serve from the snapshot', () => {
  expect(first).toMatchObject({ exitCode: 0, stderr: '' })
  const [snapshot, ...more] = scene.simulator.aws.snapshots()
  expect(more).toEqual([])
  expect(scene.read('.snapshot-id')).toBe(`${snapshot?.snapshotId}\n`)
  expect(deployment()).toContain('/mnt/models/hf-cache/hub/models--TheBloke--Mistral-7B-Instruct-v0.2-AWQ/snapshots/')
  const nodeClasses = JSON.stringify(scene.simulator.kubernetes.objects('EC2NodeClass'))
  expect(nodeClasses).toContain(`"snapshotID":"${snapshot?.snapshotId}"`)
  expect(scene.alive()).toEqual([])
})

test('it shows phases, what remains, and the start-up before and after', () => {
  const text = first.lines.join('\n')
  for (const title of ['[1/4] Check', '[2/4] Bake the snapshot', '[3/4] Write .snapshot-id', '[4/4] Roll out'])
    expect(text).toContain(title)
  expect(text).toMatch(/running: model 100 %.*\(about \d+ min left\)/)
  expect(text).toMatch(/Before: 1 pod, 1\d min, 1 of them with the wait for a new node/)
  expect(text).toMatch(/After: {2}1 pod, \d min, 1 of them with the wait for a new node/)
  expect(text).toContain('These seconds are simulated')
})

test('without a TTY no escape sequence and no workflow command is printed, and no secret', () => {
  const text = [...first.lines, ...rehearsed.result.lines].join('\n')
  expect(text).not.toContain('\u001b')
  expect(text).not.toMatch(/^::|##\[/m)
  expect(text).not.toContain(scene.simulator.account.credentials.secretAccessKey)
})

test('it remembers what was found, and nothing is left open', () => {
  const memory = JSON.parse(scene.read('.prebake.json') ?? '{}') as { answers: Record<string, string>; open: object; seconds: object }
  expect(memory.answers).toMatchObject({ 'cluster-name': 'demo', 'node-role': 'gpu-node', region: 'us-west-2' })
  expect(memory.open).toEqual({})
  expect(Object.keys(memory.seconds)).toEqual(['Bake the snapshot', 'Roll out'])
})

test('a second run finds the finished snapshot, launches nothing and changes nothing', async () => {
  const before = launches()
  const served = deployment()
  const again = await scene.run('optimize-vllm', ['--yes', '--build', `images=${scene.simulator.demoInputs['images']}`])
  expect(again.exitCode).toBe(0)
  expect(launches()).toBe(before)
  expect(again.lines.join('\n')).toContain('was serving already: nothing was changed')
  expect(deployment()).toBe(served)
})

test('a given snapshot is rolled out without any build', async () => {
  const before = launches()
  const snapshotId = (scene.read('.snapshot-id') ?? '').trim()
  const given = await scene.run('optimize-vllm', ['--yes', '--snapshot-id', snapshotId])
  expect(given).toMatchObject({ exitCode: 0, stderr: '' })
  expect(given.lines.join('\n')).toContain(`${snapshotId}, as given`)
  expect(launches()).toBe(before)
})

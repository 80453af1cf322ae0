import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'

let simulator: Simulator
let folder: string
beforeAll(async () => {
  // No real script runs here, so time may fly.
  simulator = await startSimulator({ rate: 300 })
  folder = mkdtempSync(join(tmpdir(), 'prebake-test-'))
  writeFileSync(join(folder, 'kubeconfig'), simulator.kubeconfig)
  const { main } = await run('apply-manifests', {
    manifests: 'deploy/vllm/baseline',
    variables: `NODE_ROLE=node\nCLUSTER_NAME=test\nVLLM_IMAGE=${simulator.demoInputs['images']}`,
  })
  if (main.exitCode !== 0) throw new Error(main.lines.join('\n'))
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function run(action: string, inputs: Record<string, string>, onLine?: (line: string, pid: number) => void) {
  let pid = 0
  return runStep({
    action: join(import.meta.dirname, '../..', action),
    inputs: { kubeconfig: join(folder, 'kubeconfig'), ...inputs },
    environment: simulator.environment,
    workspace: join(import.meta.dirname, '../../..'),
    temp: folder,
    onStart: (started) => (pid = started),
    onLine: (line) => onLine?.(line, pid),
  })
}

const benchmark = (inputs: Record<string, string>, onLine?: (line: string, pid: number) => void) =>
  run('scale-benchmark', { 'github-token': simulator.githubToken, 'pull-request': '1', to: '3', ...inputs }, onLine)

function replicas(): number | undefined {
  const [deployment] = simulator.kubernetes.objects('Deployment') as unknown as { spec: { replicas: number } }[]
  return deployment?.spec.replicas
}

test('scales, reports every new pod with phases that add up, comments once, and puts the replicas back', async () => {
  const { main, post } = await benchmark({})
  expect(main.lines.filter((line) => line.startsWith('::error'))).toEqual([])
  const { runs } = JSON.parse(readFileSync(main.outputs['report'] ?? '', 'utf8')) as {
    runs: { pods: { ready: boolean; wallSeconds: number; rows: { phase: string; seconds: number }[] }[] }[]
  }
  const pods = runs.flatMap((each) => each.pods)
  expect(pods).toHaveLength(2)
  for (const { ready, wallSeconds, rows } of pods) {
    expect(ready).toBe(true)
    expect(rows.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(wallSeconds, 6)
    const phases = rows.map(({ phase }) => phase)
    expect(['ec2.boot', 'image', 'weights.download', 'probe.slack'].filter((phase) => !phases.includes(phase))).toEqual([])
  }
  // Its row is there also where it has nothing to say.
  expect(main.summary).toContain('| `unattributed` |')
  expect(simulator.comments().map(({ body }) => body.includes('Simulated'))).toEqual([true])
  expect(replicas()).toBe(3)
  expect((await post?.())?.exitCode).toBe(0)
  expect(replicas()).toBe(1)
})

test.each(['baseline', 'control'])('the report that %s names stands beside the new one', async (input) => {
  const first = await benchmark({ to: '2' })
  await first.post?.()
  const { main, post } = await benchmark({ to: '2', [input]: first.main.outputs['report'] ?? '' })
  await post?.()
  expect(main.exitCode).toBe(0)
  expect(main.summary).toContain('| now | baseline | difference |')
  // One pod of each: its noise is unknown.
  expect(main.outputs['verdict']).toBe('inconclusive')
  expect(main.outputs['cold-start-p90-seconds']).toBe(main.outputs['all-ready-seconds'])
})

test('slower than a baseline beyond noise: the verdict, and a failed step where that is wanted', async () => {
  const first = await benchmark({ to: '4' })
  await first.post?.()
  const report = JSON.parse(readFileSync(first.main.outputs['report'] ?? '', 'utf8')) as {
    runs: { pods: { readyAfterSeconds: number }[] }[]
  }
  for (const pod of report.runs.flatMap(({ pods }) => pods)) pod.readyAfterSeconds /= 4
  const fast = join(folder, 'fast.json')
  writeFileSync(fast, JSON.stringify(report))
  const { main, post } = await benchmark({ to: '4', baseline: fast, 'fail-on-regression': 'true' })
  await post?.()
  expect(main.outputs['verdict']).toBe('slower')
  expect(main.summary).toMatch(/^## Scale-up of `vllm` from 1 to 4: \d+ s slower ± [\d.]+ s, beyond noise in 3 of 3 pods \(simulated\)$/m)
  expect(main.exitCode).toBe(1)
  expect(main.lines.join('\n')).toContain('Error code: start-regressed')
})

test('killed half way: post puts the replicas back, a second post changes nothing', async () => {
  const { main, post } = await benchmark({}, (line, pid) => {
    if (line.includes('new pods:')) process.kill(pid, 'SIGKILL')
  })
  expect(main.signal).toBe('SIGKILL')
  expect(replicas()).toBe(3)
  const first = await post?.()
  expect(first?.lines.join('\n')).toContain('Scaled vllm from 3 back to 1 replicas')
  expect(replicas()).toBe(1)
  expect((await post?.())?.lines.join('\n')).toContain('vllm has its 1 replicas')
})

test('without permission for comments: a notice, the summary, and no failure', async () => {
  const { main, post } = await benchmark({ 'github-token': simulator.variableToken })
  await post?.()
  expect(main.exitCode).toBe(0)
  expect(main.lines.filter((line) => line.startsWith('::notice')).join()).toContain('Resource not accessible by integration')
  expect(main.summary).toContain('Scale-up of `vllm`')
  expect(main.outputs['comment-url']).toBe('')
})

test.each<[string, Record<string, string>, string]>([
  ['`from` not below `to`', { from: '3', to: '3' }, '`to`: 3 is not more than `from`'],
  ['a Deployment that is not there', { deployment: 'nothing' }, 'nothing'],
  ['a cluster that cannot be reached', { kubeconfig: 'unreachable' }, 'Connect to http://127.0.0.1:1'],
  ['a kubeconfig that is not there', { kubeconfig: 'no/such/file' }, '`kubeconfig`'],
])('%s: one clear error, and nothing is changed', async (_title, inputs, words) => {
  const unreachable = simulator.kubeconfig.replace(/http:\/\/127\.0\.0\.1:\d+/, 'http://127.0.0.1:1')
  const { main, post } = await benchmark(inputs['kubeconfig'] === 'unreachable' ? { ...inputs, kubeconfig: unreachable } : inputs)
  const errors = main.lines.filter((line) => line.startsWith('::error'))
  expect(main.exitCode).toBe(1)
  expect(errors).toHaveLength(1)
  expect(main.lines.join('\n')).toContain(words)
  expect((await post?.())?.lines.join('\n')).toContain('Nothing to restore')
  expect(replicas()).toBe(1)
})

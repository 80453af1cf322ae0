import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runtimeTokens } from '@prebake/simulator'
import type { BenchmarkReport } from '@prebake/startup'
import { startScene, type Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
  const { main } = await scene.run('apply-manifests', { manifests: 'deploy/vllm/baseline', variables: scene.variables })
  if (main.exitCode !== 0) throw new Error(main.lines.join('\n'))
})
afterAll(() => scene.stop())

const benchmark = (inputs: Record<string, string>, onLine?: (line: string, pid: number) => void) =>
  scene.run(
    'scale-benchmark',
    { candidate: 'in-place', 'github-token': scene.simulator.githubToken, 'pull-request': '1', to: '3', ...inputs },
    onLine,
  )
const replicas = () => scene.replicas()
const annotations = () => scene.simulator.kubernetes.objects('Deployment')[0]?.metadata.annotations ?? {}
/** Of the first run. */
const reportOf = (outputs: Readonly<Record<string, string>>): unknown =>
  (JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as { runs: unknown[] }).runs[0]
const errors = (lines: readonly string[]) => lines.filter((line) => line.startsWith('::error'))

test('scales, reports every new pod with phases that add up, comments once, and puts the replicas back', async () => {
  const { main, post } = await benchmark({})
  expect(errors(main.lines)).toEqual([])
  const { pods, run } = reportOf(main.outputs) as {
    run: object
    pods: { ready: boolean; wallSeconds: number; firstToken: object; rows: { phase: string; seconds: number }[] }[]
  }
  expect(run).toEqual({ arm: 'candidate', number: 1, mode: 'in-place', nodes: 'cold', nodesMade: 'the nodes were taken as they were' })
  expect(pods).toHaveLength(2)
  for (const { ready, wallSeconds, rows, firstToken } of pods) {
    expect(ready).toBe(true)
    expect(firstToken).toHaveProperty('afterScaleSeconds')
    expect(rows.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(wallSeconds, 6)
    const phases = rows.map(({ phase }) => phase)
    expect(['ec2.boot', 'image', 'weights.download', 'probe.slack'].filter((phase) => !phases.includes(phase))).toEqual([])
  }
  // Its row is there also where it has nothing to say.
  expect(main.summary).toContain('| `unattributed` |')
  expect(scene.simulator.comments().map(({ body }) => body.includes('Simulated'))).toEqual([true])
  expect(replicas()).toBe(3)
  expect(annotations()).toHaveProperty(['prebake.dev/benchmark-run'])
  expect((await post?.())?.exitCode).toBe(0)
  expect(replicas()).toBe(1)
  expect(annotations()).not.toHaveProperty(['prebake.dev/benchmark-run'])
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
  expect(main.outputs['cold-start-p90-seconds']).toBe(main.outputs['first-token-seconds'])
})

test('slower than a baseline beyond noise: the verdict, and a failed step where that is wanted', async () => {
  const first = await benchmark({ to: '4' })
  await first.post?.()
  const report = JSON.parse(readFileSync(first.main.outputs['report'] ?? '', 'utf8')) as {
    runs: { pods: { firstToken: { afterScaleSeconds: number } }[] }[]
  }
  for (const { firstToken } of report.runs.flatMap(({ pods }) => pods)) firstToken.afterScaleSeconds /= 4
  const fast = join(scene.folder, 'fast.json')
  writeFileSync(fast, JSON.stringify(report))
  const { main, post } = await benchmark({ to: '4', baseline: fast, 'fail-on-regression': 'true' })
  await post?.()
  expect(main.outputs['verdict']).toBe('slower')
  expect(main.summary).toMatch(/^## Scale-up of `vllm` from 1 to 4: \d+ s slower ± [\d.]+ s, beyond noise in 3 of 3 pods \(simulated\)$/m)
  expect(main.exitCode).toBe(1)
  expect(main.lines.join('\n')).toContain('Error code: start-regressed')
})

test('runs of the default branch are the baseline of a pull request, as long as the workflow cache keeps them', async () => {
  const event = join(scene.folder, 'event.json')
  writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }))
  const onMain = (runId: string) =>
    scene.run('scale-benchmark', { candidate: 'in-place', to: '3', comment: 'false' }, undefined, {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: 'a1b2c3d4e5f6',
      GITHUB_RUN_ID: runId,
      ACTIONS_RUNTIME_TOKEN: runtimeTokens.defaultBranch,
    })
  for (const runId of ['41', '42']) {
    const { main, post } = await onMain(runId)
    await post?.()
    expect(main.exitCode).toBe(0)
  }
  const report = async () => {
    const { main, post } = await benchmark({ to: '3' })
    await post?.()
    return { main, ...(JSON.parse(readFileSync(main.outputs['report'] ?? '', 'utf8')) as BenchmarkReport) }
  }
  expect(scene.simulator.cacheKeys().map((key) => key.replace(/[0-9a-f]{16}/, 'hash'))).toEqual([
    'prebake-scale-benchmark-hash-41-1',
    'prebake-scale-benchmark-hash-42-1',
  ])
  const { comparison, history, main } = await report()
  expect(comparison).toMatchObject({ against: 'default branch', baselineRuns: 2 })
  expect(history.map(({ sha }) => sha)).toEqual(['a1b2c3d4e5f6', 'a1b2c3d4e5f6'])
  expect(main.summary).toContain('Default branch, 2 runs until')
  // A pull request reads, and does not write.
  expect(scene.simulator.cacheKeys()).toHaveLength(2)

  scene.simulator.evictCache()
  const evicted = await report()
  expect(evicted.comparison).toBeUndefined()
  expect(evicted.caveats.join()).toContain('The workflow cache has no run of the default branch')
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

test('post without credentials fails the job, and names the replicas and the command that puts them back', async () => {
  const { post } = await benchmark({}, (line, pid) => {
    if (line.includes('new pods:')) process.kill(pid, 'SIGKILL')
  })
  const failed = await post?.({ INPUT_KUBECONFIG: 'no/such/file' })
  expect(failed?.exitCode).toBe(1)
  const [error = ''] = errors(failed?.lines ?? [])
  expect(error).toContain('kubectl scale deployment/vllm -n default --replicas=1')
  expect(error).toContain('It had 1 replicas and has up to 3')
  expect(failed?.lines.join('\n')).toContain('benchmark-remains')
  expect((await post?.())?.exitCode).toBe(0)
  expect(replicas()).toBe(1)
})

test('two runs on one Deployment: the second waits for the first, and after both it is as it was', async () => {
  const started = Promise.withResolvers<void>()
  const first = benchmark({}, (line) => {
    if (line.includes('Requested 3 replicas')) started.resolve()
  })
  await Promise.race([started.promise, first])
  const second = benchmark({ to: '4' })
  const ended = await first
  expect(ended.main.exitCode).toBe(0)
  await ended.post?.()
  const { main, post } = await second
  expect(main.lines.join('\n')).toMatch(/vllm: the run \S+ holds it/)
  expect(main.exitCode).toBe(0)
  await post?.()
  expect(replicas()).toBe(1)
})

test('pods that another client removes: the run says that it was disturbed', async () => {
  let removed = false
  const { main, post } = await benchmark({}, (line) => {
    if (removed || !line.includes('1 starting')) return
    removed = true
    const [name = ''] = scene.simulator.kubernetes.objects('Pod').map(({ metadata }) => metadata.name)
    const headers = { authorization: `Bearer ${/token: (\S+)/.exec(scene.simulator.kubeconfig)?.[1]}` }
    void fetch(`${scene.simulator.endpoints.kubernetes}/api/v1/namespaces/default/pods/${name}`, { method: 'DELETE', headers })
  })
  await post?.()
  const { run } = reportOf(main.outputs) as { run: { disturbed?: string } }
  expect(run.disturbed).toMatch(/removed by others/)
  expect(main.lines.join('\n')).toContain('so it gives no verdict')
})

test('without permission for comments: a notice, the summary, and no failure', async () => {
  const { main, post } = await benchmark({ 'github-token': scene.simulator.variableToken })
  await post?.()
  expect(main.exitCode).toBe(0)
  expect(main.lines.filter((line) => line.startsWith('::notice')).join()).toContain('Resource not accessible by integration')
  expect(main.summary).toContain('Scale-up of `vllm`')
  expect(main.outputs['comment-url']).toBe('')
})

test.each<[string, Record<string, string>, string]>([
  ['`from` not below `to`', { from: '3', to: '3' }, 'replicas-not-increased'],
  ['`to` not above what serves', { from: '0', to: '1' }, 'replicas-not-increased'],
  ['a Deployment that is not there', { deployment: 'nothing' }, 'deployment-not-found'],
  ['a cluster that cannot be reached', { kubeconfig: 'unreachable' }, 'cluster-not-reached'],
  ['a kubeconfig that is not there', { kubeconfig: 'no/such/file' }, 'kubeconfig-unreadable'],
  ['a baseline that is no report', { baseline: 'package.json' }, 'baseline-unusable'],
])('%s: one clear error, and nothing is changed', async (_title, inputs, code) => {
  const unreachable = scene.simulator.kubeconfig.replace(/http:\/\/127\.0\.0\.1:\d+/, 'http://127.0.0.1:1')
  const { main, post } = await benchmark(inputs['kubeconfig'] === 'unreachable' ? { ...inputs, kubeconfig: unreachable } : inputs)
  expect(main.exitCode).toBe(1)
  expect(errors(main.lines)).toHaveLength(1)
  expect(main.lines.join('\n')).toContain(code)
  expect((await post?.())?.lines.join('\n')).toContain('Nothing to restore')
  expect(replicas()).toBe(1)
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startScene, type Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
  // What serves.
  const { main } = await scene.run('apply-manifests', {
    manifests: 'deploy/vllm/baseline\ndeploy/vllm/service.yaml',
    variables: scene.variables,
  })
  if (main.exitCode !== 0) throw new Error(main.lines.join('\n'))
})
afterAll(() => scene.stop())

const benchmark = (
  inputs: Record<string, string> = {},
  onLine: (line: string, pid: number) => void = () => undefined,
  environment: Readonly<Record<string, string>> = {},
) =>
  scene.run(
    'scale-benchmark',
    {
      'github-token': scene.simulator.githubToken,
      'pull-request': '1',
      manifests: 'deploy/vllm/baseline',
      variables: scene.variables,
      to: '3',
      ...inputs,
    },
    onLine,
    environment,
  )
const serving = { Deployment: 1, NodePool: 1, EC2NodeClass: 1, NodeClaim: 1, Pod: 1 }
const present = () => scene.count('Deployment', 'NodePool', 'EC2NodeClass', 'NodeClaim', 'Pod')
const errors = (lines: readonly string[]) => lines.filter((line) => line.startsWith('::error'))

interface Reported {
  readonly environment: { readonly deployment: string }
  readonly firstTokenSeconds: number
  readonly allReadySeconds: number
  readonly run: { readonly arm: string; readonly nodes: string; readonly nodesMade: string }
  readonly pods: readonly { readonly pod: string; readonly firstToken: { readonly coldSeconds: number; readonly warmSeconds: number } }[]
}

test('measures a copy on nodes of its own to the first token, never touches what serves, and leaves nothing', async () => {
  const changed: string[] = []
  const { main, post } = await benchmark({}, () => {
    const live = scene.simulator.kubernetes.objects('Deployment').find(({ metadata }) => metadata.name === 'vllm')
    const version = `${live?.metadata.generation}`
    if (!changed.includes(version)) changed.push(version)
  })
  expect(errors(main.lines)).toEqual([])
  const report = (JSON.parse(readFileSync(main.outputs['report'] ?? '', 'utf8')) as { runs: [Reported] }).runs[0]
  expect(report).toMatchObject({
    environment: { deployment: 'vllm' },
    run: { arm: 'candidate', number: 1, mode: 'isolated', nodes: 'cold', nodesMade: expect.stringContaining('a NodePool of its own') },
  })
  expect(report.pods).toHaveLength(2)
  // At the simulation's pace, a millisecond of the machine is a third of a second: which of the two is longer is not for this test.
  for (const { firstToken } of report.pods)
    expect(firstToken).toMatchObject({ coldSeconds: expect.any(Number), warmSeconds: expect.any(Number) })
  expect(report.firstTokenSeconds).toBeGreaterThan(report.allReadySeconds)
  expect(main.outputs['first-token-seconds']).toBe(report.firstTokenSeconds.toFixed(1))
  // The generation of what serves is the one that it had.
  expect(changed).toHaveLength(1)

  const done = await post?.()
  expect(done?.exitCode).toBe(0)
  expect(done?.lines.join('\n')).toContain('Nothing of the isolated copies is left')
  expect(present()).toEqual(serving)
})

test('killed half way: post deletes all of it and waits for the nodes; a second post changes nothing', async () => {
  const { main, post } = await benchmark({}, (line, pid) => {
    if (line.includes('new pods:')) process.kill(pid, 'SIGKILL')
  })
  expect(main.signal).toBe('SIGKILL')
  expect(present()).toMatchObject({ Deployment: 2, NodePool: 2 })
  expect((await post?.())?.exitCode).toBe(0)
  expect(present()).toEqual(serving)
  expect((await post?.())?.exitCode).toBe(0)
})

test('killed, and the runner is lost: the next attempt deletes what it left', async () => {
  await benchmark(
    {},
    (line, pid) => {
      if (line.includes('new pods:')) process.kill(pid, 'SIGKILL')
    },
    { GITHUB_RUN_ID: '4711' },
  )
  const { main, post } = await benchmark({ to: '2' }, undefined, { GITHUB_RUN_ID: '4711', GITHUB_RUN_ATTEMPT: '2' })
  expect(main.lines.join('\n')).toMatch(/The run \S+ has left 3 objects of isolated copies/)
  await post?.()
  expect(present()).toEqual(serving)
})

test('post without credentials fails the job, and names what stays, its cost and the command that ends it', async () => {
  const { post } = await benchmark({ to: '2' }, (line, pid) => {
    if (line.includes('new pods:')) process.kill(pid, 'SIGKILL')
  })
  const failed = await post?.({ INPUT_KUBECONFIG: 'no/such/file' })
  expect(failed?.exitCode).toBe(1)
  expect(errors(failed?.lines ?? []).join()).toMatch(/kubectl delete deployments -l prebake\.dev\/benchmark=\S+ -n default/)
  expect(errors(failed?.lines ?? []).join()).toMatch(/about \$[\d.]+ an hour/)
  expect((await post?.())?.exitCode).toBe(0)
  expect(present()).toEqual(serving)
})

test('two arms and two runs, interleaved, each on new nodes', async () => {
  const { main, post } = await benchmark({ 'baseline-manifests': 'deploy/vllm/baseline', runs: '2', to: '2' })
  expect(errors(main.lines)).toEqual([])
  const order = main.lines.flatMap((line) => /^::group::((?:candidate|baseline), run \d)/.exec(line)?.[1] ?? [])
  expect(order).toEqual(['candidate, run 1', 'baseline, run 1', 'baseline, run 2', 'candidate, run 2'])
  expect(main.summary).toContain('| now | baseline | difference |')
  await post?.()
  expect(present()).toEqual(serving)
})

test.each([
  ['no such manifests', { manifests: 'no/such/folder' }, 'manifest-file-missing'],
  ['no NodePool', { manifests: 'deploy/vllm/baseline/deployment.yaml\ndeploy/vllm/baseline/nodeclass.yaml' }, 'isolation-incomplete'],
  ['a value that is missing', { variables: 'NODE_ROLE=node' }, 'variable-undefined'],
])('%s: one clear error, and nothing is made', async (_title, inputs, code) => {
  const { main, post } = await benchmark(inputs)
  expect(main.exitCode).toBe(1)
  expect(main.lines.join('\n')).toContain(code)
  expect((await post?.())?.lines.join('\n')).toContain('Nothing to restore')
  expect(present()).toEqual(serving)
})

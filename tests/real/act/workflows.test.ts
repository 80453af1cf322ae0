import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startScene, type ActScene } from './start-scene.ts'
import { simulatedWorld } from './worlds.ts'
import { manifests } from './lay-out-repositories.ts'

/** The project's own workflows, one after the other, as a fork of it runs them. */
let scene: ActScene
beforeAll(async () => {
  scene = await startScene(simulatedWorld)
})
afterAll(() => scene?.[Symbol.asyncDispose]())

const workflow = (name: string) => `.github/workflows/${name}.yml`
const build = (inputs: Readonly<Record<string, string>> = {}, changes = {}) =>
  scene.run(
    {
      workflow: workflow('build-snapshot'),
      event: 'workflow_dispatch',
      inputs: { images: scene.simulator.demoInputs['images'] ?? '', 'volume-size': '60', ...inputs },
    },
    changes,
  )

let first: string

test('a dispatch bakes, publishes the variable, and leaves nothing running', async () => {
  const { exitCode, outputs, log } = await build()
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) })
  first = outputs['snapshot-id'] ?? ''
  expect(scene.simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: first })
  expect(scene.running()).toEqual([])
})

test('a second dispatch is that snapshot, in seconds', async () => {
  const { exitCode, outputs } = await build()
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ reused: 'true', 'snapshot-id': first })
})

test('a push to main rolls the published snapshot out', async () => {
  scene.prebake.commit(Object.fromEntries(manifests()))
  const { exitCode, outputs, log } = await scene.run({ workflow: workflow('rollout'), event: 'push' }, { variables: { VLLM_SNAPSHOT_ID: first } })
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ changed: 'true', proven: 'true' })
})

const comment = (body: string, number: number) => ({
  action: 'created',
  comment: { body, user: { login: 'octocat' } },
  issue: { number, pull_request: {} },
})
const benchmark = (payload: object, event = 'issue_comment') =>
  scene.run({ workflow: workflow('benchmark'), event, payload }, { variables: { VLLM_SNAPSHOT_ID: first } })

test('a comment measures the pull request and writes one comment, and the replicas are put back', async () => {
  const pull = propose({ 'deploy/vllm/service.yaml': `${manifestOf('service.yaml')}# ours\n` })
  const { exitCode, log, outputs, jobs } = await benchmark(comment('/benchmark', pull))
  if (exitCode !== 0) console.log(log)
  expect(jobs).toEqual({ Approve: 'success', [`Measure #${pull} at ${scene.simulator.repository.branch('faster')}`]: 'success' })
  expect(outputs['comment-url']).toMatch(new RegExp(`/pull/${pull}#issuecomment-`))
  expect(scene.simulator.comments().filter(({ issue }) => issue === pull)).toHaveLength(1)
  expect(scene.simulator.kubernetes.objects('Deployment')).toMatchObject([{ spec: { replicas: 1 } }])
})

test('a comment of someone who may not write costs nothing', async () => {
  const before = scene.simulator.requests().length
  const payload = comment('/benchmark', 2)
  const { exitCode } = await benchmark({ ...payload, comment: { body: '/benchmark', user: { login: 'eve' } } })
  expect(exitCode).not.toBe(0)
  expect(scene.simulator.requests().slice(before).filter(({ server }) => server !== 'github')).toEqual([])
})

/** A pull request whose branch is both in the local repository and on the simulator's GitHub, by the same commit. */
function propose(files: Readonly<Record<string, string>>): number {
  const sha = scene.prebake.commit(files, 'faster')
  const { repository } = scene.simulator
  repository.setBranch('faster', sha)
  return repository.addPullRequest({ title: 'Faster', body: '', head: 'faster', base: 'main', headRepository: 'octo-org/vllm-on-eks' }).number
}

function manifestOf(name: string): string {
  return Object.fromEntries(manifests())[`deploy/vllm/${name}`] ?? ''
}

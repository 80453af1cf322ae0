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
/** The inputs of the first build, with commit and digest in place of names that may move. */
let pinned: Readonly<Record<string, string>>

test('a dispatch bakes, publishes the variable, and leaves nothing running', async () => {
  const { exitCode, outputs, log } = await build()
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) })
  first = outputs['snapshot-id'] ?? ''
  const digest = outputs['image-digests']?.split('@')[1] ?? ''
  pinned = { revision: outputs['model-revision'] ?? '', images: `${scene.simulator.demoInputs['images']}@${digest}` }
  expect(scene.simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: first })
  expect(scene.running()).toEqual([])
})

test('a second dispatch is that snapshot, in seconds', async () => {
  const { exitCode, outputs } = await build()
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ reused: 'true', 'snapshot-id': first })
})

test('with commit and digest, the cache answers for hub and registry, and an evicted entry is said', async () => {
  const ask = async () => {
    const before = scene.simulator.requests().length
    const { outputs, log } = await build(pinned)
    expect(outputs).toMatchObject({ reused: 'true', 'snapshot-id': first })
    const asked = new Set(
      scene.simulator
        .requests()
        .slice(before)
        .map(({ server }) => server),
    )
    return { asked: ['hub', 'registry'].filter((server) => asked.has(server)), log }
  }
  const missed = await ask()
  expect(missed.asked).toEqual(['hub', 'registry'])
  expect(missed.log).toContain('No cached manifest of this build')
  expect(await ask()).toMatchObject({ asked: [], log: expect.stringContaining('Neither hub nor registry was asked') })
  scene.evictCache()
  expect((await ask()).asked).toEqual(['hub', 'registry'])
})

test('what is not set is named in the first step, all of it, and nothing is asked of AWS', async () => {
  const before = scene.simulator.requests().length
  const { exitCode, log } = await build(
    {},
    { variables: { PREBAKE_BUILD_ROLE: '', AWS_REGION: '' }, secrets: { PREBAKE_APP_PRIVATE_KEY: '' } },
  )
  expect(exitCode).not.toBe(0)
  for (const name of ['variable set PREBAKE_BUILD_ROLE', 'variable set AWS_REGION', 'secret set PREBAKE_APP_PRIVATE_KEY'])
    expect(log).toContain(`gh ${name} --env prebake --repo octo-org/vllm-on-eks`)
  expect(scene.simulator.requests().slice(before)).toEqual([])
})

test('a push to main rolls the published snapshot out', async () => {
  scene.prebake.commit(Object.fromEntries(manifests()))
  const { exitCode, outputs, log } = await scene.run(
    { workflow: workflow('rollout'), event: 'push' },
    { variables: { VLLM_SNAPSHOT_ID: first } },
  )
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
  expect(
    scene.simulator
      .requests()
      .slice(before)
      .filter(({ server }) => server !== 'github'),
  ).toEqual([])
})

/** A pull request whose branch is both in the local repository and on the simulator's GitHub, by the same commit. */
function propose(files: Readonly<Record<string, string>>): number {
  const sha = scene.prebake.commit(files, 'faster')
  const { repository } = scene.simulator
  repository.setBranch('faster', sha)
  return repository.addPullRequest({ title: 'Faster', body: '', head: 'faster', base: 'main', headRepository: 'octo-org/vllm-on-eks' })
    .number
}

function manifestOf(name: string): string {
  return Object.fromEntries(manifests())[`deploy/vllm/${name}`] ?? ''
}

test('as a pull request: file, benchmark, merge, rollout, revert, rollback', async () => {
  const rebuilt = await build({ publish: 'pull-request', rebuild: 'true' })
  const second = rebuilt.outputs['snapshot-id'] ?? ''
  expect(second).not.toBe(first)
  const { repository } = scene.simulator
  const proposal = repository.pullRequests().find(({ title }) => title.endsWith(second))
  expect(rebuilt.outputs['pull-request-url']).toMatch(new RegExp(`/pull/${proposal?.number}$`))
  // The variable is another pointer, and stays.
  expect(scene.simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: first })

  const file = repository.filesOf(proposal?.headSha ?? '')?.['deploy/vllm/snapshot.env'] ?? ''
  scene.prebake.commit({ 'deploy/vllm/snapshot.env': file }, 'proposal')
  repository.setBranch(proposal?.head ?? '', scene.prebake.head('proposal'))
  const measured = await benchmark(comment('/benchmark', proposal?.number ?? 0))
  expect(measured.exitCode).toBe(0)
  expect(measured.log).toContain(`Snapshot ${second} (file)`)

  const rollOut = () => scene.run({ workflow: workflow('rollout'), event: 'push' }, { variables: { VLLM_SNAPSHOT_ID: first } })
  const serving = () => JSON.stringify(scene.simulator.kubernetes.objects('NodePool'))
  const before = serving()
  scene.prebake.merge('proposal')
  expect((await rollOut()).outputs).toMatchObject({ changed: 'true', proven: 'true' })
  expect(serving()).not.toBe(before)

  scene.prebake.revert()
  const { outputs, log } = await rollOut()
  expect(log).toContain(`Snapshot ${first} (variable)`)
  expect(outputs).toMatchObject({ changed: 'true', proven: 'true' })
})

test('the weekly prune deletes nothing that serves or is young', async () => {
  const ids = () => scene.simulator.aws.snapshots().map(({ snapshotId }) => snapshotId)
  const before = ids()
  const { exitCode, log, outputs } = await scene.run(
    { workflow: workflow('prune'), event: 'schedule' },
    { variables: { VLLM_SNAPSHOT_ID: first } },
  )
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ deleted: '[]', deletable: '[]' })
  expect(new Set(JSON.parse(outputs['kept'] ?? ''))).toEqual(new Set(before))
  expect(ids()).toEqual(before)
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ControlPlane } from '../cluster/start-control-plane.ts'
import { startScene, type ActScene } from './start-scene.ts'
import { clusterWorld } from './worlds.ts'

/** The three workflows against moto and the real control plane with the real Karpenter, which the actions reach as they reach EKS: by its name. */
let scene: ActScene
let plane: ControlPlane
let snapshotId: string
beforeAll(async () => {
  scene = await startScene(clusterWorld((started) => (plane = started)))
})
afterAll(() => scene?.[Symbol.asyncDispose]())

const workflow = (name: string) => `.github/workflows/${name}.yml`
/** The time of a real cluster is real. */
const realTime = { PREBAKE_CLOCK_RATE: '', PREBAKE_CLOCK_ORIGIN: '' }
const onCluster = () => ({ variables: { VLLM_SNAPSHOT_ID: snapshotId }, environment: realTime })

test('a dispatch bakes with moto and publishes', async () => {
  const inputs = { images: scene.simulator.demoInputs['images'] ?? '', 'volume-size': '60' }
  const { exitCode, log, outputs } = await scene.run({ workflow: workflow('build-snapshot'), event: 'workflow_dispatch', inputs })
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  snapshotId = outputs['snapshot-id'] ?? ''
  expect(scene.simulator.variables()).toEqual({ VLLM_SNAPSHOT_ID: snapshotId })
  expect(scene.running()).toEqual([])
})

test('a push rolls it out: Karpenter launches nodes from the snapshot', async () => {
  const { exitCode, log, outputs } = await scene.run({ workflow: workflow('rollout'), event: 'push' }, onCluster())
  if (exitCode !== 0) console.log(log, plane.log('karpenter'))
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ changed: 'true', proven: 'true' })
  expect([...plane.aws.launches.values()].map((launch) => launch.snapshotId)).toEqual([snapshotId])
})

test('a comment measures a scale-up on it', async () => {
  const { repository } = scene.simulator
  repository.setBranch('faster', scene.prebake.commit({}, 'faster'))
  const { number } = repository.addPullRequest({
    title: 'Faster',
    body: '',
    head: 'faster',
    base: 'main',
    headRepository: 'octo-org/vllm-on-eks',
  })
  const payload = { action: 'created', comment: { body: '/benchmark', user: { login: 'octocat' } }, issue: { number, pull_request: {} } }
  const { exitCode, log, outputs } = await scene.run({ workflow: workflow('benchmark'), event: 'issue_comment', payload }, onCluster())
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(Number(outputs['first-ready-seconds'])).toBeGreaterThan(0)
  expect(Number(outputs['first-token-seconds'])).toBeGreaterThan(0)
  expect(scene.simulator.comments().filter(({ issue }) => issue === number)).toHaveLength(1)
  expect(await plane.api.get('/apis/apps/v1/namespaces/default/deployments/vllm')).toMatchObject({ spec: { replicas: 1 } })
})

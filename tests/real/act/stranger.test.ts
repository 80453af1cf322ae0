import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { manifests } from './lay-out-repositories.ts'
import { documentedWorkflows } from './documented-workflows.ts'
import { startScene, type ActScene } from './start-scene.ts'
import { simulatedWorld } from './worlds.ts'

/** A repository that has nothing of this project but the three workflows of the README and manifests of its own. */
let scene: ActScene
let snapshotId: string
beforeAll(async () => {
  scene = await startScene(simulatedWorld)
  const images = `      images: ${scene.simulator.demoInputs['images']}\n      volume-size: 60\n`
  const workflows = Object.entries(documentedWorkflows()).map(([path, text]) => [
    path,
    text.replace('      model: ${{ inputs.model }}\n', `$&${images}`),
  ])
  scene.stranger.commit({ ...Object.fromEntries(workflows), ...Object.fromEntries(manifests()) })
})
afterAll(() => scene?.[Symbol.asyncDispose]())

const run = (name: string, event: string, payload: object = {}, variables: Readonly<Record<string, string>> = {}) =>
  scene.run({ repository: scene.stranger, workflow: `.github/workflows/${name}.yml`, event, payload }, { variables })

test('there are three, and they are short', () => {
  const lengths = Object.values(documentedWorkflows()).map((text) => text.trim().split('\n').length)
  expect(lengths).toHaveLength(3)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(20)
})

test('a dispatch bakes with this project’s actions and publishes in the stranger’s variables', async () => {
  const { exitCode, log } = await run('build', 'workflow_dispatch')
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  snapshotId = scene.simulator.variables()['VLLM_SNAPSHOT_ID'] ?? ''
  expect(snapshotId).toMatch(/^snap-/)
  expect(scene.running()).toEqual([])
})

test('a push rolls the stranger’s manifests out', async () => {
  const { exitCode, log, outputs } = await run('rollout', 'push', {}, { VLLM_SNAPSHOT_ID: snapshotId })
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(outputs).toMatchObject({ changed: 'true', proven: 'true' })
})

test('a comment on a pull request becomes the report', async () => {
  const { repository } = scene.simulator
  const sha = scene.stranger.commit({ 'deploy/vllm/snapshot.env': `SNAPSHOT_ID=${snapshotId}\n` }, 'pinned')
  repository.setBranch('pinned', sha)
  const { number } = repository.addPullRequest({
    title: 'Pin',
    body: '',
    head: 'pinned',
    base: 'main',
    headRepository: 'octo-org/vllm-on-eks',
  })
  const payload = { action: 'created', comment: { body: '/benchmark', user: { login: 'octocat' } }, issue: { number, pull_request: {} } }
  const { exitCode, log } = await run('benchmark', 'issue_comment', payload)
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(scene.simulator.comments()).toMatchObject([{ issue: number, body: expect.stringContaining(snapshotId) }])
})

/** A job of one's own, with the actions themselves, in a composite action of one's own, in a subfolder. */
const composite = (image: string) => ({
  '.github/workflows/own.yml': `name: own
on: workflow_dispatch
permissions: {}
jobs:
  snapshot:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    permissions:
      id-token: write # assume the AWS role
    steps:
      - uses: actions/checkout@v7
        with: { path: infra }
      - uses: aws-actions/configure-aws-credentials@v6
        with: { role-to-assume: '\${{ vars.PREBAKE_BUILD_ROLE }}', aws-region: us-west-2 }
      - uses: ./infra/bake
        id: bake
        with: { model: mistralai/Mistral-7B-Instruct-v0.3, hf-token: '\${{ secrets.HF_TOKEN }}' }
      - run: echo "baked \${{ steps.bake.outputs.snapshot-id }}"
`,
  'bake/action.yml': `name: Bake
description: Our own defaults.
inputs:
  model: { description: The model., required: true }
  hf-token: { description: The token. }
outputs:
  snapshot-id: { description: The snapshot., value: '\${{ steps.build.outputs.snapshot-id }}' }
runs:
  using: composite
  steps:
    - uses: your-org/prebake/actions/build-snapshot@v1
      id: build
      with:
        model: \${{ inputs.model }}
        hf-token: \${{ inputs.hf-token }}
        images: ${image}
        instance-profile: prebake-builder
        volume-size: 60
`,
})

test('a cancel leaves no builder, though the workspace is wiped before the post step', async () => {
  scene.stranger.commit(composite(scene.simulator.demoInputs['images'] ?? ''))
  const { jobs } = await scene.run({
    repository: scene.stranger,
    workflow: '.github/workflows/own.yml',
    event: 'workflow_dispatch',
    async untilCancel(workspace) {
      while (scene.running().length === 0) await sleep(50)
      for (const name of readdirSync(workspace)) rmSync(join(workspace, name), { recursive: true })
    },
  })
  expect(jobs['snapshot']).not.toBe('success')
  expect(scene.running()).toEqual([])
})

test('the same in a composite action in a subfolder bakes a gated model', async () => {
  const { exitCode, log } = await scene.run({
    repository: scene.stranger,
    workflow: '.github/workflows/own.yml',
    event: 'workflow_dispatch',
  })
  if (exitCode !== 0) console.log(log)
  expect(exitCode).toBe(0)
  expect(log).toMatch(/baked snap-[0-9a-f]{17}/)
  expect(scene.running()).toEqual([])
})

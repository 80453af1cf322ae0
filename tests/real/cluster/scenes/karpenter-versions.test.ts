import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { snapshots } from '../aws/world.ts'
import { buildParts, buildPartsWithNewestKarpenter } from '../build-parts.ts'
import { startScene, type Scene } from './start-scene.ts'
import { misplaced } from './where-pods-landed.ts'

/** Where two versions of Karpenter may differ: what their CRDs take, what their controllers say, and a rollout from its first node to its last. */
const versions = [
  ['1.14', buildParts],
  ['1.15', buildPartsWithNewestKarpenter],
] as const
type Version = (typeof versions)[number][0]

interface Judged {
  readonly file: 'nodeclass.yaml' | 'nodepool.yaml'
  readonly edit: readonly [pattern: RegExp, replacement: string]
  /** What the API server says; left out: it takes it. */
  readonly refused: Readonly<Partial<Record<Version, RegExp>>>
}

const both = (words: RegExp) => ({ '1.14': words, '1.15': words })
const judged: Readonly<Record<string, Judged>> = {
  'a static pool with limits of its own': {
    file: 'nodepool.yaml',
    edit: [/^spec:$/m, 'spec:\n  replicas: 2'],
    refused: both(/only 'limits.nodes' is supported on static NodePools/),
  },
  'a pool that becomes static': {
    file: 'nodepool.yaml',
    edit: [/^spec:$([^]*)nvidia.com\/gpu: 8/m, 'spec:\n  replicas: 2$1nodes: 4'],
    refused: both(/Cannot transition NodePool between static/),
  },
  'a setting of the kubelet': { file: 'nodeclass.yaml', edit: [/^ {2}role:/m, '  kubelet: { maxPods: 20 }\n  role:'], refused: {} },
  'a setting of the kubelet that only newer ones pass on': {
    file: 'nodeclass.yaml',
    edit: [/^ {2}role:/m, '  kubelet: { maxParallelImagePulls: 5 }\n  role:'],
    refused: { '1.14': /\.spec\.kubelet\.maxParallelImagePulls: field not declared in schema/ },
  },
  'a role that is empty': { file: 'nodeclass.yaml', edit: [/^ {2}role:.*$/m, "  role: ''"], refused: both(/role cannot be empty/) },
  'a NodeClass without a name': { file: 'nodepool.yaml', edit: [/name: 'vllm-.*'/, "name: ''"], refused: both(/name may not be empty/) },
  'a budget for broken nodes': {
    file: 'nodepool.yaml',
    edit: [/reasons: \[Empty\]/, 'reasons: [Unhealthy]'],
    refused: { '1.14': /Unsupported value: "Unhealthy"/ },
  },
  'no consolidateAfter': {
    file: 'nodepool.yaml',
    edit: [/^ {4}consolidateAfter:.*\n/m, ''],
    refused: { '1.14': /spec\.disruption\.consolidateAfter: Required value/ },
  },
}

describe.each(versions)('Karpenter %s', (version, parts) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene({ parts: parts() })
  })
  afterAll(() => scene?.[Symbol.asyncDispose]())

  test('the shipped files roll out, and another snapshot moves the pods', async () => {
    expect(await scene.rollOut()).toMatchObject({ changed: true, revision: '1', unproven: [] })
    scene.seen.mark()
    expect(await scene.rollOut({ snapshotId: snapshots.second })).toMatchObject({ changed: true, revision: '2', unproven: [] })
    expect(await misplaced(scene)).toEqual([])
    expect(scene.seen.fewest()).toBe(1)
    expect(scene.seen.fault()).toBeUndefined()
  })

  test.each(Object.entries(judged))('%s', async (_title, { file, edit: [pattern, replacement], refused }) => {
    const edit = (text: string, path: string) => (path === file ? text.replace(pattern, replacement) : text)
    const rollout = scene.rollOut({ snapshotId: snapshots.second, edit, dryRun: true })
    const outcome = await rollout.then(() => 'taken', String)
    expect(outcome).toMatch(refused[version] ?? /^taken$/)
  })

  test('a snapshot that EC2 does not know: the NodeClass is not Ready, and nothing is switched to it', async () => {
    const error = await scene.rollOut({ snapshotId: 'snap-0ddddddddddddddd4', seconds: 6 }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'FailedRollout', rolledBack: false, reason: 'node-class-not-ready' })
    expect((error as Error).message).toMatch(/ValidationSucceeded=Unknown, AwaitingReconciliation/)
    expect(scene.seen.fewest()).toBe(1)
  })
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mapConcurrently } from '@prebake/kernel'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterName, nodeRole } from '../cluster/aws/world.ts'
import type { Finding } from '../../../packages/diagnose/src/index.ts'
import { instanceProfile } from '../moto/start-moto.ts'
import { imageTag } from './build-image.ts'
import { putUnderDiskPressure } from './scenes/disk-pressure.ts'
import { discardIdleNodes } from './scenes/discard-idle-nodes.ts'
import { explainFault, type Baked } from './scenes/explain-fault.ts'
import { faults } from './scenes/faults.ts'
import { testGuide } from './scenes/guide.ts'
import { judgeScaleUp, phaseSeconds } from './scenes/judge-scale-up.ts'
import { testKubelet, vllmPods } from './scenes/kubelet.ts'
import { spoilSnapshot } from './scenes/spoil-snapshot.ts'
import { image, kubernetes, model, startWorld, type StepResult, type World } from './world/start-world.ts'

/** The whole of what the actions do, on real parts: baked by the bundle, booted by Karpenter's launches, served by vLLM, measured by scale-benchmark. */
const minutes = 60_000
/** What the control's registry and hub share. */
const megabits = 1000
const link = `The image came from a registry and the model from a hub behind one link of ${megabits} Mbit/s (\`tc tbf\`).`
/** Every name that the kubelet could find it by. */
const renameImage = `for name in $(ctr -n k8s.io images ls -q); do ctr -n k8s.io images tag "$name" docker.io/other/name:1; ctr -n k8s.io images rm "$name"; done`
const repository = join(import.meta.dirname, '../../..')

let world: World
let built: StepResult
let whole: StepResult

beforeAll(async () => {
  world = await startWorld()
  cpSync(join(repository, 'deploy'), join(world.folder, 'workspace/deploy'), { recursive: true })
  built = await world.step('build-snapshot', {
    model,
    images: image,
    'instance-profile': instanceProfile,
    'kubernetes-version': kubernetes,
    'volume-size': '40',
  })
}, 15 * minutes)

afterAll(() => world?.[Symbol.asyncDispose](), 2 * minutes)

test('the bundle bakes image and model with the nodes’ containerd, and checks them on a second instance', () => {
  expect(built).toMatchObject({ exitCode: 0, errors: [], outputs: { reused: 'false', 'snapshot-id': expect.stringMatching(/^snap-/) } })
})

test('publish-snapshot points the repository to it', async () => {
  const inputs = { 'snapshot-id': built.outputs['snapshot-id'] ?? '', 'variable-token': world.github.variableToken }
  expect(await world.step('publish-snapshot', inputs)).toMatchObject({ errors: [], outputs: { changed: 'true' } })
  expect(world.github.variables()).toEqual({ VLLM_SNAPSHOT_ID: built.outputs['snapshot-id'] })
})

test(
  'apply-manifests rolls the shipped manifests out, and vLLM serves from the volume',
  async () => {
    const applied = await world.step('apply-manifests', {
      'snapshot-id': world.github.variables()['VLLM_SNAPSHOT_ID'] ?? '',
      variables: variables({ MODEL_PATH: built.outputs['model-path'] ?? '', VLLM_IMAGE: built.outputs['image-digests'] ?? '' }),
    })
    expect(applied).toMatchObject({ exitCode: 0, errors: [], outputs: { changed: 'true', 'rolled-back': 'false' } })
  },
  20 * minutes,
)

testGuide(() => world)

describe('the kubelet', () => {
  testKubelet(() => world)
})

test(
  'scale-benchmark measures a second pod, which downloads nothing, and comments on the pull request',
  async () => {
    whole = await scaleUp({ 'github-token': world.github.githubToken, 'pull-request': '1' })
    keep('mission', whole.summary)
    expect(judgeScaleUp(whole)).toEqual([])
    expect(world.github.comments()).toHaveLength(1)
  },
  20 * minutes,
)

test(
  'a kubelet under disk pressure deletes what is not pinned, and leaves what is baked',
  async () => {
    const [pod] = await vllmPods(world)
    const idle = [...world.nodes.machines.keys()].find((name) => name !== pod?.spec.nodeName)
    const { baked, left } = await putUnderDiskPressure(world, idle ?? '')
    expect(baked).toHaveLength(2)
    expect(left).toEqual(baked)
  },
  5 * minutes,
)

test(
  'on a volume that fills as it is read, Python’s imports wait for it',
  async () => {
    await discardIdleNodes(world)
    world.fillVolumes(100)
    try {
      const filling = await scaleUp({ comment: 'false' })
      keep('filling', `The volume filled from its snapshot as it was read, at 100 MiB/s.\n\n${filling.summary}`)
      expect(judgeScaleUp(filling)).toEqual([])
      expect(phaseSeconds(filling, 'python.import')).toBeGreaterThan(phaseSeconds(whole, 'python.import'))
    } finally {
      world.fillVolumes(undefined)
      await discardIdleNodes(world)
    }
  },
  10 * minutes,
)

test.each([
  ['has the image under another name', renameImage, [/image was on the node/]],
  ['has no model', 'rm -r /mnt/models/*', [/weights downloaded by/]],
])(
  'the same check refuses a bake that %s',
  async (_, script, problems) => {
    await discardIdleNodes(world)
    const restore = await spoilSnapshot(world, built.outputs['snapshot-id'] ?? '', script)
    try {
      const found = judgeScaleUp(await scaleUp({ comment: 'false', timeout: '60s' }))
      for (const problem of problems) expect(found).toContainEqual(expect.stringMatching(problem))
    } finally {
      await restore()
      await discardIdleNodes(world)
    }
  },
  5 * minutes,
)

describe('a fault made for real is explained', () => {
  let found: readonly (readonly Finding[])[]
  beforeAll(async () => {
    const [pod] = await vllmPods(world)
    found = await mapConcurrently(faults, 3, (fault) => explainFault(world, pod?.spec.nodeName ?? '', fault, bakedRecord(built)))
    keep('faults', found.map((findings, index) => `## ${faults[index]?.name}\n\n${findings.map(line).join('\n')}`).join('\n\n'))
  }, 15 * minutes)

  test.each(faults.map(({ name, cause }, index) => [name, cause, index] as const))('%s: %s', (_, cause, index) => {
    expect(found[index]?.[0]).toMatchObject({ rule: cause, certainty: 3 })
  })
})

test(
  'the control, without a snapshot, pulls the image and downloads the model',
  async () => {
    const { hubUrl } = await world.limitNetwork(megabits)
    edit('deploy/vllm/baseline/deployment.yaml', (text) =>
      text.replace(
        '          env:\n',
        [
          '          env:',
          `            - { name: HF_ENDPOINT, value: '${hubUrl}' }`,
          // This hub does not speak Xet.
          "            - { name: HF_HUB_DISABLE_XET, value: '1' }\n",
        ].join('\n'),
      ),
    )
    const applied = await world.step('apply-manifests', {
      manifests: 'deploy/vllm/baseline',
      variables: variables({ VLLM_IMAGE: built.outputs['image-digests'] ?? '' }),
    })
    expect(applied).toMatchObject({ exitCode: 0, errors: [] })
    const measured = await scaleUp({ 'snapshot-id': '', 'github-token': world.github.githubToken, 'pull-request': '1' })
    keep('control', `${link}\n\n${measured.summary}`)
    expect(measured).toMatchObject({ exitCode: 0, errors: [] })
    expect(measured.summary).toContain('| image was on the node | 0 of 1 |')
    // vLLM says nothing of a download that takes less than half a second, as that of a tiny model does.
    expect(measured.summary).toMatch(/\| `image` \| [^|]+\| [1-9]\d*\.\d s \|/)
  },
  30 * minutes,
)

/** What the tags of its snapshot say is on it, as far as a diagnosis asks. */
function bakedRecord({ outputs }: StepResult): Baked {
  const [name = '', digest = ''] = (outputs['image-digests'] ?? '').split('@')
  return { modelPath: outputs['model-path'], images: [{ name, tag: imageTag, digest }] }
}

const line = ({ rule, cause, evidence }: Finding) => `- \`${rule}\`: ${cause}\n  ${evidence[0]?.text ?? ''}`

/** From one pod to two, and back. */
function scaleUp(inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  return world.step('scale-benchmark', {
    candidate: 'in-place',
    from: '1',
    to: '2',
    'snapshot-id': built.outputs['snapshot-id'] ?? '',
    ...inputs,
  })
}

/** Changes a file of the workspace, as a user edits the repository. */
function edit(path: string, change: (text: string) => string): void {
  const file = join(world.folder, 'workspace', path)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

function variables(values: Readonly<Record<string, string>>): string {
  const all = { CLUSTER_NAME: clusterName, NODE_ROLE: nodeRole, ...values }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

/** Where a reader finds the tables of the last run. */
function keep(name: string, table: string): void {
  const folder = join(repository, 'out/real')
  mkdirSync(folder, { recursive: true })
  const title =
    'vLLM on the CPU with a tiny model, on the machine that ran the tests: how the parts compare, nothing for a product page.\n\n'
  writeFileSync(join(folder, `${name}-cpu-tiny-model.md`), `${title}${table}`)
}

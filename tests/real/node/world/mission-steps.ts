import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clusterName, nodeRole } from '../../cluster/aws/world.ts'
import { instanceProfile } from '../../moto/start-moto.ts'
import { discardIdleNodes } from '../scenes/discard-idle-nodes.ts'
import { image, kubernetes, model, type StepResult, type World } from './start-world.ts'

const repository = join(import.meta.dirname, '../../../..')

/** Checks the shipped manifests out, as a user has them, and bakes image and model. */
export function bake(world: World): Promise<StepResult> {
  cpSync(join(repository, 'deploy'), join(world.folder, 'workspace/deploy'), { recursive: true })
  return world.step('build-snapshot', {
    model,
    images: image,
    'instance-profile': instanceProfile,
    'kubernetes-version': kubernetes,
    'volume-size': '40',
  })
}

/** Rolls the shipped manifests out on nodes of the snapshot. */
export function rollOut(world: World, { outputs }: StepResult): Promise<StepResult> {
  return world.step('apply-manifests', {
    'snapshot-id': outputs['snapshot-id'] ?? '',
    variables: variables({ MODEL_PATH: outputs['model-path'] ?? '', VLLM_IMAGE: outputs['image-digests'] ?? '' }),
  })
}

/**
 * Rolls the state before out: no snapshot, image and model from a registry and a hub behind a link of so many Mbit/s. No pod runs then: the first one is
 * what `fromNone` measures.
 */
export async function rollOutControl(world: World, { outputs }: StepResult, megabits: number): Promise<StepResult> {
  await openControl(world, megabits)
  return world.step('apply-manifests', {
    manifests: 'deploy/vllm/baseline',
    variables: variables({ VLLM_IMAGE: outputs['image-digests'] ?? '' }),
  })
}

/** Measures the shipped manifests on nodes of the snapshot and the state before, in turn, so many times each, from no pod to one: scale-benchmark's own comparison. */
export async function measureBesideControl(world: World, { outputs }: StepResult, megabits: number, runs: number): Promise<StepResult> {
  await openControl(world, megabits)
  return world.step('scale-benchmark', {
    'snapshot-id': outputs['snapshot-id'] ?? '',
    'baseline-manifests': 'deploy/vllm/baseline',
    variables: variables({ VLLM_IMAGE: outputs['image-digests'] ?? '' }),
    from: '0',
    to: '1',
    runs: String(runs),
    comment: 'false',
  })
}

/** Ends what serves, and puts registry and hub behind a link of so many Mbit/s. */
async function openControl(world: World, megabits: number): Promise<void> {
  await world.plane.api.patch('/apis/apps/v1/namespaces/default/deployments/vllm/scale', { spec: { replicas: 0 } })
  await discardIdleNodes(world)
  const { hubUrl } = await world.limitNetwork(megabits)
  edit(world, 'deploy/vllm/baseline/deployment.yaml', (text) =>
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
}

/** Measures from one pod to two, and back. */
export function scaleUp(world: World, built: StepResult, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  const snapshotId = built.outputs['snapshot-id'] ?? ''
  return world.step('scale-benchmark', { candidate: 'in-place', from: '1', to: '2', 'snapshot-id': snapshotId, ...inputs })
}

/** Inputs of `scaleUp` for the state before: from no pod to one. */
export const fromNone = { from: '0', to: '1', 'snapshot-id': '' } as const

/** Leaves a table, and the page of a measurement, where a reader finds those of the last run. @param page path of the page */
export function keep(name: string, table: string, page?: string): void {
  const folder = join(repository, 'out/real')
  mkdirSync(folder, { recursive: true })
  const title =
    'vLLM on the CPU with a tiny model, on the machine that ran the tests: how the parts compare, nothing for a product page.\n\n'
  writeFileSync(join(folder, `${name}-cpu-tiny-model.md`), `${title}${table}`)
  if (page) copyFileSync(page, join(folder, `${name}-cpu-tiny-model.html`))
}

/** Changes a file of the workspace, as a user edits the repository. */
export function edit({ folder }: World, path: string, change: (text: string) => string): void {
  const file = join(folder, 'workspace', path)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

function variables(values: Readonly<Record<string, string>>): string {
  const all = { CLUSTER_NAME: clusterName, NODE_ROLE: nodeRole, ...values }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

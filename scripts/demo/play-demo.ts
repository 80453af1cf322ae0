import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulator } from '@prebake/simulator'
import type { DemoStep, StepRunner } from './step-runner.ts'

/** Every step of the demo, by its name. */
export interface DemoSteps {
  readonly plan: DemoStep
  readonly build: DemoStep
  readonly publish: DemoStep
  readonly 'build-again': DemoStep
  readonly 'roll-out-baseline': DemoStep
  readonly 'measure-baseline': DemoStep
  readonly 'roll-out': DemoStep
  readonly measure: DemoStep
  readonly 'roll-out-broken': DemoStep
  readonly prune: DemoStep
}

/** The product from end to end: foresee, bake, publish, bake again; then the cluster without and with the snapshot, each measured; then a mistake; then what nothing uses. */
export async function playDemo(simulator: Simulator, run: StepRunner, products: string): Promise<DemoSteps> {
  const plan = await run('plan', 'plan-startup', { 'model-gb': '4.2', 'target-seconds': '120' })
  const build = await run('build', 'build-snapshot', simulator.demoInputs)
  const snapshotId = build.outputs['snapshot-id'] ?? ''
  const publish = await run('publish', 'publish-snapshot', { 'snapshot-id': snapshotId, 'variable-token': simulator.variableToken })
  const buildAgain = await run('build-again', 'build-snapshot', simulator.demoInputs)

  const kubeconfig = join(products, 'kubeconfig')
  writeFileSync(kubeconfig, simulator.kubeconfig, { mode: 0o600 })
  // What actions/checkout would have put there.
  const workspace = join(products, 'workspace')
  cpSync(join(import.meta.dirname, '../../deploy'), join(workspace, 'deploy'), { recursive: true })
  const role = { NODE_ROLE: 'prebake-node' }
  const variables = asLines({ ...role, CLUSTER_NAME: simulator.clusterName, VLLM_IMAGE: simulator.demoInputs['images'] ?? '' })
  const benchmark = { kubeconfig, from: '1', to: '5', 'github-token': simulator.githubToken, 'pull-request': '1' }

  const rollOutBaseline = await run('roll-out-baseline', 'apply-manifests', {
    kubeconfig,
    manifests: 'deploy/vllm/baseline',
    variables,
  })
  const measureBaseline = await run('measure-baseline', 'scale-benchmark', { ...benchmark, manifests: 'deploy/vllm/baseline', variables })
  // Model, image and release are those of the snapshot.
  const given = { 'cluster-name': simulator.clusterName, 'snapshot-id': snapshotId, variables: asLines(role) }
  const rollOut = await run('roll-out', 'apply-manifests', given)
  const measure = await run('measure', 'scale-benchmark', {
    ...benchmark,
    'cluster-name': simulator.clusterName,
    kubeconfig: '',
    'snapshot-id': snapshotId,
    variables: asLines(role),
    'baseline-manifests': 'deploy/vllm/baseline',
  })
  // No rule of the preflight knows this folder: only vLLM itself finds that there is no model in it.
  const deployment = join(workspace, 'deploy/vllm/deployment.yaml')
  writeFileSync(deployment, readFileSync(deployment, 'utf8').replace('${MODEL_PATH}', '/opt/no-model'))
  const rollOutBroken = await run('roll-out-broken', 'apply-manifests', given, 'fails')
  const prune = await pruneAll(simulator, run)
  return {
    plan,
    build,
    publish,
    'build-again': buildAgain,
    'roll-out-baseline': rollOutBaseline,
    'measure-baseline': measureBaseline,
    'roll-out': rollOut,
    measure,
    'roll-out-broken': rollOutBroken,
    prune,
  }
}

/** For good, and as strict as can be: what is left must be in use. */
function pruneAll({ clusterName, variableToken }: Simulator, run: StepRunner): Promise<DemoStep> {
  const strict = { 'dry-run': 'false', keep: '1', 'older-than': '1h' }
  return run('prune', 'prune-snapshots', { ...strict, 'cluster-name': clusterName, 'variable-token': variableToken })
}

function asLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

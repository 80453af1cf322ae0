import { shippedManifests } from '../../tests/real/cluster/scenes/shipped-manifests.ts'
import type { Api } from '../../tests/real/cluster/parts/api.ts'
import { median } from '../median.ts'
import { kubectl, ours, writeManifests, type Run } from './contestants.ts'
import { openSite } from './open-site.ts'

/** A minute each; the peaks of rounds differ by a tenth. */
const rounds = 1
const replicas = 500
const nodes = 4
const nodeLabels = { 'bench.prebake.dev/nodes': 'many' }

/** The most memory while the shipped Deployment rolls with so many pods, a quarter at a time, on nodes that kwok plays. */
export async function memory(): Promise<readonly string[]> {
  await using site = await openSite({ withKarpenter: false })
  await createNodes(site.plane.api)
  const results = new Map<string, Run[]>([ours, kubectl].map(({ name }) => [name, []]))
  let count = 0
  const roll = async ({ run }: typeof ours) => {
    writeManifests(site.task.folder, [{ path: 'deployment.json', text: text(String(count++)) }])
    return run({ ...site.task, deployment: 'vllm' })
  }
  await roll(kubectl)
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 === 0 ? [ours, kubectl] : [kubectl, ours]) results.get(contestant.name)?.push(await roll(contestant))
  }
  return [
    `Peak memory of the process while ${replicas} pods roll, one after the other:`,
    ...[...results].map(([name, runs]) => {
      const peaks = runs.map(({ peakMebibytes }) => peakMebibytes)
      return `  ${name}: ${median(peaks).toFixed(0)} MiB (${peaks.map((peak) => peak.toFixed(0)).join(', ')}), in ${median(runs.map(({ seconds }) => seconds)).toFixed(0)} s`
    }),
  ]
}

/** As shipped, but for the number of pods, how many may change at once, and the nodes. */
function text(mark: string): string {
  const { document } = shippedManifests().find(({ document }) => document.kind === 'Deployment') ?? {}
  const { spec, ...rest } = structuredClone(document) as unknown as { spec: { template: { metadata: object; spec: object } } }
  const template = {
    metadata: { ...spec.template.metadata, annotations: { mark } },
    spec: { ...spec.template.spec, nodeSelector: nodeLabels },
  }
  return JSON.stringify({
    ...rest,
    spec: { ...spec, replicas, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } }, template },
  })
}

async function createNodes(api: Api): Promise<void> {
  const capacity = { cpu: '4000', memory: '8000Gi', pods: '1000', 'nvidia.com/gpu': '1000' }
  for (let index = 0; index < nodes; index++) {
    const name = `many-${index}`
    await api.create('/api/v1/nodes', {
      metadata: { name, labels: { ...nodeLabels, 'kubernetes.io/hostname': name }, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
      status: { capacity, allocatable: capacity },
    })
  }
}

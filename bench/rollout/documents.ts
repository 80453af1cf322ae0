import { median } from '../median.ts'
import { kubectl, ours, writeManifests, type Task } from './contestants.ts'
import { openSite } from './open-site.ts'

const rounds = 3
const count = 200

/** From start to applied, the whole process with it: 180 ConfigMaps and 20 Deployments without replicas, each changed each time. */
export async function documents(): Promise<readonly string[]> {
  await using site = await openSite({ withKarpenter: false })
  const times = new Map<string, number[]>()
  const contests = [
    { name: `${ours.name}, checked and applied`, run: ours.run },
    { name: `${ours.name} with dry-run`, run: (task: Task) => ours.run({ ...task, dryRun: true }) },
    { name: 'kubectl apply --server-side', run: kubectl.run },
    { name: 'the same with --dry-run=server', run: (task: Task) => kubectl.run({ ...task, dryRun: true }) },
  ]
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { name, run }] of (round % 2 === 0 ? contests : contests.toReversed()).entries()) {
      writeManifests(site.task.folder, [{ path: 'all.yaml', text: text(`${round}-${index}`) }])
      const { appliedSeconds } = await run(site.task)
      // The first round creates what the others change.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), appliedSeconds])
    }
  }
  const of = (index: number) => median(times.get(contests[index]?.name ?? '') ?? [])
  return [
    `${count} documents, medians of ${rounds} rounds in turn, from start to applied:`,
    ...contests.map(({ name }, index) => `  ${name}: ${of(index).toFixed(2)} s`),
    `  kubectl, dry run and apply / ours: ${((of(2) + of(3)) / of(0)).toFixed(2)} (at least 1.00)`,
  ]
}

function text(mark: string): string {
  const all = Array.from({ length: count }, (_, index) => {
    const labels = { app: `bench-${index}` }
    const metadata = { name: `bench-${index}`, labels }
    if (index % 10 !== 0) return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mark } }
    const template = { metadata: { labels, annotations: { mark } }, spec: { containers: [{ name: 'one', image: 'example.com/one:1' }] } }
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 0, selector: { matchLabels: labels }, template } }
  })
  return all.map((document) => JSON.stringify(document)).join('\n---\n')
}

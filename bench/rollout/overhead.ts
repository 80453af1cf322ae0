import { renderManifests } from '../../packages/manifests/src/index.ts'
import { snapshots } from '../../tests/real/cluster/aws/world.ts'
import { shippedManifests } from '../../tests/real/cluster/scenes/shipped-manifests.ts'
import { median } from '../median.ts'
import { kubectl, ours, writeManifests, type Contestant } from './contestants.ts'
import { openSite, type Site } from './open-site.ts'
import { readAudit, readyStamps, requestsOf } from './read-audit.ts'
import { watchReady, type ReadyPod } from './watch-ready.ts'

const rounds = 5
const replicas = 2
const allowedSeconds = 0.5

/** Seconds from the last pod's becoming Ready to the contestant's end, by three clocks that agree: all is on one machine. */
interface Overhead {
  readonly audited: number
  readonly seen: number
  readonly stamped: number
  readonly seconds: number
  readonly requests: ReadonlyMap<string, number>
}

/** As shipped, but that each round has a NodeClass of its own, for which nodes are launched, and that the empty ones of earlier rounds neither stay nor count. */
const edited = (count: number) => (text: string) =>
  text
    .replace('throughput: 600', `throughput: ${600 - count}`)
    .replace('consolidateAfter: 60s', 'consolidateAfter: 2s')
    .replace('nvidia.com/gpu: 8', 'nvidia.com/gpu: 32')

/** deploy/vllm, with the real Karpenter: another snapshot each time, so that each pod is replaced on a node that is launched for it. */
export async function overhead(): Promise<readonly string[]> {
  await using site = await openSite({ withKarpenter: true })
  const { plane } = site
  const end = new AbortController()
  const pods = watchReady(plane.api, end.signal)
  const results = new Map<Contestant, Overhead[]>([ours, kubectl].map((each) => [each, []]))
  let count = 0
  // What comes first installs, and does not count.
  await measure(site, kubectl, pods, count++)
  await plane.api.patch('/apis/apps/v1/namespaces/default/deployments/vllm/scale', { spec: { replicas } })
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 === 0 ? [ours, kubectl] : [kubectl, ours])
      results.get(contestant)?.push(await measure(site, contestant, pods, count++))
  }
  end.abort()
  return [
    `Rollout of deploy/vllm (${replicas} pods) to another snapshot with the real Karpenter, ${rounds} rounds in turn, medians; from the last pod's Ready to the end of the process, by the API server's audit log:`,
    ...[...results].flatMap(([{ name }, measured], index) => describe(name, measured, index === 0)),
  ]
}

async function measure({ plane, task, audit }: Site, { run, userAgent }: Contestant, pods: readonly ReadyPod[], count: number) {
  const snapshotId = Object.values(snapshots)[count % 3] ?? ''
  const manifests = shippedManifests({ snapshotId, edit: edited(count) })
  writeManifests(task.folder, renderManifests(manifests))
  const earlier = readAudit(audit).length
  const { endedAt, seconds } = await run({ ...task, deployment: 'vllm' })
  const deployment = await plane.api.get<{ spec: { template: { spec: { nodeSelector: object } } } }>(
    '/apis/apps/v1/namespaces/default/deployments/vllm',
  )
  // Old ones that Karpenter moves in the meantime become Ready too.
  const wanted = JSON.stringify(deployment?.spec.template.spec.nodeSelector)
  const log = readAudit(audit).slice(earlier)
  const stamps = readyStamps(log)
  const last = pods
    .filter(({ nodeSelector, seenAt, name }) => nodeSelector === wanted && seenAt <= endedAt && stamps.has(name))
    .toSorted((a, b) => a.seenAt - b.seenAt)
    .at(-1)
  const stamp = stamps.get(last?.name ?? '')
  if (last === undefined || stamp === undefined) throw new Error('bench rollout: no pod of the new template became Ready before the end.')
  const since = (at: number) => (endedAt - at) / 1000
  return { audited: since(stamp), seen: since(last.seenAt), stamped: since(last.stampedAt), seconds, requests: requestsOf(log, userAgent) }
}

function describe(name: string, measured: readonly Overhead[], isOurs: boolean): readonly string[] {
  const middle = (of: (overhead: Overhead) => number) => median(measured.map(of))
  const all = measured.map(({ audited }) => audited.toFixed(2)).join(', ')
  const goal = isOurs ? `, at most ${allowedSeconds} s` : ''
  const others = `by a watch of the bench's own ${middle(({ seen }) => seen).toFixed(2)} s, by lastTransitionTime, which has whole seconds, ${middle(({ stamped }) => stamped).toFixed(2)} s`
  const total = (requests: ReadonlyMap<string, number>) => [...requests.values()].reduce((sum, count) => sum + count, 0)
  const byTotal = measured.map(({ requests }) => requests).toSorted((a, b) => total(a) - total(b))
  const requests = byTotal[Math.floor(byTotal.length / 2)] ?? new Map<string, number>()
  const kinds = [...requests].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`)
  return [
    `  ${name}: ${middle(({ audited }) => audited).toFixed(2)} s (${all}${goal}); ${others}`,
    `    whole rollout ${middle(({ seconds }) => seconds).toFixed(1)} s; API requests ${total(requests)}: ${kinds.join(', ')}`,
  ]
}

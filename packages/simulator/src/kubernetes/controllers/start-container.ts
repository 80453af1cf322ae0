import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import { fill, logForms, messageForms } from '../form.ts'
import type { Container, Pod } from '../objects.ts'
import { formatDuration } from '../quantity.ts'
import { toSeconds } from '../stamps.ts'
import { timings } from '../../timings.ts'
import { findModel } from '../vllm/find-model.ts'
import { planStart, type PlannedStart } from '../vllm/plan-start.ts'
import { firstProbe, readSeconds, readyAt } from '../vllm/timing.ts'
import { serveArguments, type ServeArguments } from '../vllm/serve-arguments.ts'
import { imageSize, unpackedRatio } from '../../registry/images.ts'
import { livePod, recordPodEvent } from './live-pod.ts'
import { setContainerState, setPodReady, setUnready } from './pod-status.ts'
import { reportFailingProbes } from './report-failing-probes.ts'

/** Bytes of the image that starting vLLM reads. Believed: 3 to 5 GB of some 20 GB unpacked. */
const imagePagesBytes = 4e9

/** Runs the container: a vLLM starts in its phases, everything else is there at once. */
export function startContainer(cluster: Cluster, pod: Pod, container: Container): void {
  const { store, agenda, logs } = cluster
  const startedAt = agenda.now()
  store.update(pod, (draft) => setContainerState(draft, container, { running: { startedAt: toSeconds(startedAt) } }))
  const server = serveArguments(pod.spec, container)
  const start = server ? plan(cluster, pod, container, server) : { lines: [], servingAt: startedAt }
  const before = logs.get(pod.metadata.uid)
  if (before) logs.set(previousLog(pod), before)
  logs.set(pod.metadata.uid, start.lines)
  if (server) reportFailingProbes(cluster, pod, container, startedAt, start.servingAt ?? start.lines.at(-1)?.at ?? startedAt)
  if (start.servingAt === undefined) return crash(cluster, pod, container, startedAt, start.lines.at(-1)?.at ?? startedAt)

  const { servingAt } = start
  const answered = firstProbe(container.startupProbe ?? {}, startedAt, servingAt)
  // Both probes ask, one right after the other; from then on they are left out of the log.
  const health = [40_010, 40_012].map((port, index) => ({
    at: answered + index * 3,
    text: fill(logForms.health, { address: `${pod.status.hostIP}:${port}` }),
  }))
  if (server && container.startupProbe) logs.set(pod.metadata.uid, [...start.lines, ...health])
  if (server) cluster.servers.set(pod.metadata.uid, { servedName: server.servedName, servingAt, port: server.port, completions: 0 })
  agenda.after((readyAt(container, startedAt, servingAt) - startedAt) / 1000 + delayOf(cluster, 'probeToReady', pod.metadata.name), () => {
    const live = livePod(cluster, pod.metadata)
    if (live) store.update(live, (draft) => setPodReady(draft, agenda.now()))
    const cache = server && cacheKey(server)
    if (cache !== undefined) cluster.machines.get(pod.spec.nodeName ?? '')?.compileCaches.add(cache)
  })
}

/** What a later start on the same node finds; undefined when the cache goes with the container. */
const cacheKey = ({ cacheOnNode, model }: ServeArguments): string | undefined =>
  cacheOnNode === undefined ? undefined : `${cacheOnNode} ${model}`

function plan(cluster: Cluster, pod: Pod, container: Container, server: ServeArguments): PlannedStart {
  const machine = cluster.machines.get(pod.spec.nodeName ?? '')
  const volume = machine?.volume
  const fromSnapshot = volume?.fromSnapshot === true
  const baked = server.bytes + imageSize(container.image) * unpackedRatio
  const read = (bytes: number) => (at: number) => (volume ? readSeconds(volume, { bytes, baked, at }) : 0)
  const { downloads, refusal } = findModel(server, pod, container, volume)
  const cached = cacheKey(server)
  return planStart(server, {
    startedAt: cluster.agenda.now(),
    delay: (timing) => delayOf(cluster, timing, pod.metadata.name),
    // What was just pulled is still in memory, and so is what was just downloaded.
    readImage: fromSnapshot && machine?.images.has(container.image) !== true ? read(imagePagesBytes) : () => 0,
    readWeights: downloads ? () => (server.bytes / 1e9) * timings.cachedGigabyte.seconds : read(server.bytes),
    download: downloads ? delayOf(cluster, 'podDownloadGigabyte', pod.metadata.name) * (server.bytes / 1e9) : 0,
    refusal,
    unreadable: fromSnapshot && server.model.startsWith('/') && volume?.flaw === 'broken shard',
    compileCacheHit: cached !== undefined && machine?.compileCaches.has(cached) === true,
    gpuMemoryGiB: machine?.gpuMemoryGiB ?? 24,
    hash: cluster.draws.hex(`compile cache ${pod.metadata.name}`, 64),
  })
}

/** Where the log of the run before is kept. */
export const previousLog = ({ metadata }: Pod): string => `${metadata.uid}/previous`

/** Of the kubelet's back-off, which the first restart does not wait for: 10 s, 20 s, 40 s … up to five minutes. */
const backOffSeconds = (restarts: number): number => Math.min(300, 10 * 2 ** (restarts - 1))
/** The kubelet looks for ended containers so often (PLEG). */
const relistSeconds = 1

/** The process has ended with an error; the kubelet starts it again, from the second time on after its back-off. */
function crash(cluster: Cluster, pod: Pod, container: Container, startedAt: number, at: number): void {
  const { store, agenda } = cluster
  agenda.after((at - agenda.now()) / 1000, () => {
    const live = livePod(cluster, pod.metadata)
    if (!live) return
    const [{ restartCount, containerID } = { restartCount: 0, containerID: '' }] = live.status.containerStatuses ?? []
    const terminated = {
      exitCode: 1,
      reason: 'Error',
      startedAt: toSeconds(startedAt),
      finishedAt: toSeconds(agenda.now()),
      containerID,
    }
    const seconds = restartCount === 0 ? relistSeconds : backOffSeconds(restartCount)
    const values = { container: container.name, pod: pod.metadata.name, namespace: pod.metadata.namespace ?? 'default' }
    const message = fill(messageForms.crashBackOff, { ...values, uid: pod.metadata.uid, seconds: formatDuration(seconds) })
    const crashed = store.update(live, (draft) => {
      setContainerState(draft, container, restartCount === 0 ? { terminated } : { waiting: { reason: 'CrashLoopBackOff', message } })
      if (restartCount > 0) setLastState(draft, { terminated })
      setUnready(draft, agenda.now(), container.name)
    })
    if (restartCount > 0) recordPodEvent(cluster, crashed, 'Warning', 'BackOff', messageForms.backOff, container)
    agenda.after(seconds, () => {
      const waiting = livePod(cluster, pod.metadata)
      if (!waiting) return
      const again = store.update(waiting, (draft) => {
        setLastState(draft, { terminated })
        draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status) => ({
          ...status,
          restartCount: restartCount + 1,
        }))
      })
      recordPodEvent(cluster, again, 'Normal', 'Pulled', messageForms.present, container)
      recordPodEvent(cluster, again, 'Normal', 'Created', messageForms.created, container)
      recordPodEvent(cluster, again, 'Normal', 'Started', messageForms.started, container)
      startContainer(cluster, again, container)
    })
  })
}

/** Sets in a draft how the container's last run ended. */
function setLastState(draft: Pod, lastState: object): void {
  draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status) => ({ ...status, lastState }))
}

import type { Cluster } from '../cluster.ts'
import { fill, logForms, messageForms } from '../form.ts'
import { delayOf } from '../draws.ts'
import type { Container, Pod } from '../objects.ts'
import { planProgram } from '../programs/plan-program.ts'
import { cacheKey } from '../programs/plan-vllm.ts'
import type { ProcessEnd } from '../programs/program.ts'
import { formatDuration } from '../quantity.ts'
import { toSeconds } from '../stamps.ts'
import { backOffAfterEnd } from './back-off.ts'
import { previousLog, runningPod, stopOf, type ContainerRun } from './container-run.ts'
import { livePod, recordPodEvent } from './live-pod.ts'
import { setContainerState, setLastState, setPodReady, setStarted, setUnready } from './pod-status.ts'
import { probeContainer } from './probe-container.ts'

/** Runs the container's program, probes it, and starts it again when it ends. */
export function startContainer(cluster: Cluster, pod: Pod, container: Container): void {
  const { store, agenda, logs, servers, hearsTermFrom } = cluster
  const { metadata } = pod
  const startedAt = agenda.now()
  const program = planProgram(cluster, pod, container)
  const run: ContainerRun = { metadata, container, restartCount: pod.status.containerStatuses?.[0]?.restartCount ?? 0, startedAt, program }
  store.update(pod, (draft) => setContainerState(draft, container, { running: { startedAt: toSeconds(startedAt) } }))
  const before = logs.get(metadata.uid)
  if (before) logs.set(previousLog(pod), before)
  logs.set(metadata.uid, program.lines)
  const { vllm, server, end } = program
  if (program.hearsTermFrom === undefined) hearsTermFrom.delete(metadata.uid)
  else hearsTermFrom.set(metadata.uid, program.hearsTermFrom)
  if (vllm && server) {
    servers.set(metadata.uid, { servedName: vllm.servedName, servingAt: server.servingAt, port: vllm.port, completions: 0 })
  }
  if (end) agenda.after((end.at - startedAt) / 1000, () => endRun(cluster, run, end, false))
  probeContainer(cluster, run, {
    started(live) {
      if (vllm && container.startupProbe) logProbes(cluster, live)
      store.update(live, setStarted)
    },
    ready: () =>
      agenda.after(delayOf(cluster, 'probeToReady', metadata.name), () => {
        const live = runningPod(cluster, run)
        if (!live) return
        store.update(live, (draft) => setPodReady(draft, agenda.now()))
        const cache = vllm && cacheKey(vllm)
        if (cache !== undefined) cluster.machines.get(pod.spec.nodeName ?? '')?.compileCaches.add(cache)
      }),
    failed(live, probe) {
      recordPodEvent(cluster, live, 'Normal', 'Killing', messageForms.killingUnhealthy, container, { probe })
      const { seconds, end: killed } = stopOf(cluster, live)
      agenda.after(seconds, () => endRun(cluster, run, killed, true))
    },
  })
}

/** Both probes ask, one right after the other; from then on they are left out of the log. */
function logProbes({ agenda, logs }: Cluster, { metadata: { uid }, status }: Pod): void {
  const health = [40_010, 40_012].map((port, index) => ({
    at: agenda.now() + index * 3,
    text: fill(logForms.health, { address: `${status.hostIP}:${port}` }),
  }))
  logs.set(uid, [...(logs.get(uid) ?? []), ...health])
}

/** The kubelet looks for ended containers so often (PLEG). */
const relistSeconds = 1

/** The process has ended; the kubelet starts it again, at once or after its back-off. */
function endRun(cluster: Cluster, run: ContainerRun, { exitCode, reason }: ProcessEnd, isKilled: boolean): void {
  const { store, agenda, logs, servers } = cluster
  const { metadata, container, restartCount, startedAt } = run
  const live = runningPod(cluster, run)
  if (!live) return
  servers.delete(metadata.uid)
  // What was killed writes no more.
  logs.set(
    metadata.uid,
    (logs.get(metadata.uid) ?? []).filter(({ at }) => at <= agenda.now()),
  )
  const containerID = live.status.containerStatuses?.[0]?.containerID
  const terminated = { exitCode, reason, startedAt: toSeconds(startedAt), finishedAt: toSeconds(agenda.now()), containerID }
  const seconds = backOffAfterEnd(cluster, metadata.uid, isKilled)
  const values = { container: container.name, pod: metadata.name, namespace: metadata.namespace ?? 'default' }
  const message = fill(messageForms.crashBackOff, { ...values, uid: metadata.uid, seconds: formatDuration(seconds) })
  const ended = store.update(live, (draft) => {
    setContainerState(draft, container, seconds === 0 ? { terminated } : { waiting: { reason: 'CrashLoopBackOff', message } })
    if (seconds > 0) setLastState(draft, { terminated })
    setUnready(draft, agenda.now(), container.name)
  })
  if (seconds > 0) recordPodEvent(cluster, ended, 'Warning', 'BackOff', messageForms.backOff, container)
  agenda.after(seconds || relistSeconds, () => {
    const waiting = livePod(cluster, metadata)
    if (!waiting) return
    const again = store.update(waiting, (draft) => setLastState(draft, { terminated }, restartCount + 1))
    recordPodEvent(cluster, again, 'Normal', 'Pulled', messageForms.present, container)
    recordPodEvent(cluster, again, 'Normal', 'Created', messageForms.created, container)
    recordPodEvent(cluster, again, 'Normal', 'Started', messageForms.started, container)
    startContainer(cluster, again, container)
  })
}

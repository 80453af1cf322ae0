import type { Cluster } from '../cluster.ts'
import { messageForms } from '../form.ts'
import type { Container, Pod } from '../objects.ts'
import { firstProbe } from '../vllm/timing.ts'
import { livePod, recordPodEvent } from './live-pod.ts'

/** The kubelet's warning for each startup probe that meets no server: from the container's start until it serves or ends. Times in milliseconds. */
export function reportFailingProbes(cluster: Cluster, pod: Pod, container: Container, startedAt: number, until: number): void {
  const { startupProbe: probe } = container
  if (probe?.httpGet === undefined) return
  const { path = '/', port } = probe.httpGet
  const number = typeof port === 'number' ? port : container.ports?.find(({ name }) => name === port)?.containerPort
  const address = `${pod.status.podIP}:${number}`
  const period = (probe.periodSeconds ?? 10) * 1000
  // The first one comes a moment after the start, and finds nothing either.
  const fail = (at: number) => {
    if (at >= until) return
    cluster.agenda.after((at - cluster.agenda.now()) / 1000, () => {
      const live = livePod(cluster, pod.metadata)
      if (live === undefined) return
      recordPodEvent(cluster, live, 'Warning', 'Unhealthy', messageForms.probeRefused, container, { address, path })
      fail(at + period)
    })
  }
  fail(firstProbe(probe, startedAt, startedAt) + (probe.initialDelaySeconds === undefined ? period : 0))
}

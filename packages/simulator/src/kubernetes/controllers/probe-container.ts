import type { Cluster } from '../cluster.ts'
import { fill, messageForms } from '../form.ts'
import type { Container, Pod, Probe } from '../objects.ts'
import { firstProbe } from '../vllm/timing.ts'
import { runningPod, type ContainerRun } from './container-run.ts'
import { recordPodEvent } from './live-pod.ts'

/** What the kubelet makes of its probes of one run. */
export interface ProbeVerdicts {
  /** Once, at the first success of the startup probe. */
  readonly started: (pod: Pod) => void
  /** Once, at the first success of the readiness probe. */
  readonly ready: (pod: Pod) => void
  /** A startup or liveness probe has failed as often as it may. */
  readonly failed: (pod: Pod, kind: 'startup' | 'liveness') => void
}

type ProbeKind = 'Startup' | 'Readiness' | 'Liveness'

/** Probes a run as the kubelet does (pkg/kubelet/prober/worker.go): the startup probe until it succeeds, then the two others. What has succeeded is not asked again. */
export function probeContainer(cluster: Cluster, run: ContainerRun, verdicts: ProbeVerdicts): void {
  const { startupProbe, readinessProbe, livenessProbe } = run.container
  const onStarted = (pod: Pod) => {
    verdicts.started(pod)
    probe('Readiness', readinessProbe, verdicts.ready)
    probe('Liveness', livenessProbe, () => undefined)
  }
  probe('Startup', startupProbe, onStarted)

  function probe(kind: ProbeKind, spec: Probe | undefined, onSuccess: (pod: Pod) => void): void {
    const { startedAt, program } = run
    const now = cluster.agenda.now()
    if (spec === undefined) return whileRunningAt(now, onSuccess)
    const first = Math.max(now, startedAt + (spec.initialDelaySeconds ?? 0) * 1000)
    // Programs and connections are not played, only when there is something behind them.
    if (spec.httpGet === undefined) {
      const servingAt = program.server?.servingAt
      return servingAt === undefined ? undefined : whileRunningAt(firstProbe(spec, first, servingAt), onSuccess)
    }
    ask(kind, spec, first, 1, onSuccess)
  }

  function whileRunningAt(at: number, act: (pod: Pod) => void): void {
    cluster.agenda.after((at - cluster.agenda.now()) / 1000, () => {
      const pod = runningPod(cluster, run)
      if (pod !== undefined) act(pod)
    })
  }

  function ask(kind: ProbeKind, spec: Probe, at: number, failures: number, onSuccess: (pod: Pod) => void): void {
    whileRunningAt(at, (pod) => {
      const problem = problemOf(run, spec, pod, at)
      if (problem === undefined) return onSuccess(pod)
      recordPodEvent(cluster, pod, 'Warning', 'Unhealthy', messageForms.probeFailed, run.container, { probe: kind, problem })
      if (kind !== 'Readiness' && failures >= (spec.failureThreshold ?? 3)) {
        return verdicts.failed(pod, kind === 'Startup' ? 'startup' : 'liveness')
      }
      return ask(kind, spec, at + (spec.periodSeconds ?? 10) * 1000, failures + 1, onSuccess)
    })
  }
}

/** Undefined: the answer is a success. */
function problemOf({ container, program: { server } }: ContainerRun, { httpGet }: Probe, pod: Pod, at: number): string | undefined {
  const { path = '/', port: given = 80 } = httpGet ?? {}
  const port = portOf(container, given)
  const address = `${pod.status.podIP}:${port}`
  const isListening = server !== undefined && server.servingAt <= at && (server.port ?? port) === port
  if (!isListening) return fill(messageForms.probeRefused, { address, path })
  const status = server.status(path)
  return status >= 200 && status < 400 ? undefined : fill(messageForms.probeStatus, { status })
}

const portOf = ({ ports }: Container, given: number | string): number | undefined =>
  typeof given === 'number' ? given : ports?.find(({ name }) => name === given)?.containerPort

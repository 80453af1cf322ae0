import { fieldsOf, listAt, numberAt, readField, textOrNumberAt } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { unknown } from '../../subject/environment.ts'
import { serversOnSnapshots, type Server } from '../../subject/on-snapshots.ts'
import { rule, type Rule } from '../rule.ts'

const patient = 'Add a startupProbe with `periodSeconds: 2` and `failureThreshold: 900`.'
const kinds = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const

/** After how long a probe gives up on a container that never answers, in seconds (Kubernetes' defaults: every 10 s, 3 failures). */
function patienceOf(probe: unknown): number {
  const period = numberAt(probe, 'periodSeconds') ?? 10
  return (numberAt(probe, 'initialDelaySeconds') ?? 0) + period * (numberAt(probe, 'failureThreshold') ?? 3)
}

/** Probes that end a container that works, or never see it. */
export const probes: readonly Rule[] = [
  rule({
    id: 'liveness-without-startup',
    severity: 'warning',
    about: 'A liveness probe without a startup probe, which kills containers that are still loading the model.',
    each: serversOnSnapshots,
    judge: (server): Flaw | undefined => {
      const { livenessProbe: liveness, startupProbe: startup } = server.fields
      if (liveness === undefined || startup !== undefined) return undefined
      const seconds = patienceOf(liveness)
      if (seconds >= 600) return undefined
      const problem = `it kills a container that does not serve after ${seconds} s, while vLLM may still be loading.`
      return flaw(server, 'livenessProbe', problem, patient)
    },
  }),
  rule({
    id: 'startup-too-short',
    severity: 'warning',
    about: 'A startup probe that ends the container before vLLM can have loaded the model: in less than 5 minutes.',
    each: serversOnSnapshots,
    judge: (server): Flaw | undefined => {
      const startup = server.fields['startupProbe']
      const seconds = patienceOf(startup)
      if (startup === undefined || seconds >= 300) return undefined
      const problem = `it ends a container that does not serve after ${seconds} s, and vLLM starts again from the beginning.`
      return flaw(server, 'startupProbe', problem, 'Set `periodSeconds: 2` and `failureThreshold: 900`.')
    },
  }),
  rule({
    id: 'probe-port',
    severity: 'error',
    about: 'A probe asks a port on which vLLM does not listen, or a name that none of the container’s ports has.',
    each: (subject) => serversOnSnapshots(subject).flatMap((server) => kinds.map((kind) => ({ server, kind }))),
    judge: ({ server, kind }) => judgePort(server, kind),
  }),
]

function judgePort(server: Server, kind: string): Flaw | Unjudged | undefined {
  const probe = fieldsOf(server.fields[kind])
  if (Object.keys(probe).length === 0) return undefined
  const way = ['httpGet', 'tcpSocket', 'grpc'].find((name) => probe[name] !== undefined)
  const asked = textOrNumberAt(probe, `${way}.port`)
  if (way === undefined || asked === undefined) return unjudged(server, kind, 'only probes by httpGet, tcpSocket and grpc are read')
  const ports = listAt(server.fields, 'ports')
  const named = typeof asked === 'string' && !/^\d+$/.test(asked)
  const number = named
    ? numberAt(
        ports.find((port) => readField(port, 'name') === asked),
        'containerPort',
      )
    : Number(asked)
  const field = `${kind}.${way}.port`
  if (number === undefined) {
    const problem = `it asks the port \`${asked}\`, and no port of the container has that name: the probe always fails.`
    return flaw(server, field, problem, `Add \`{ name: ${asked}, containerPort: 8000 }\` to \`ports\`, or write the number.`)
  }
  const own = server.serve.flag('port')
  if (own === unknown) return unjudged(server, field, "vLLM's `--port` is not written out")
  const listens = Number(own ?? 8000)
  const others = server.pod.containers.filter(({ path, role }) => path !== server.path && role !== 'init')
  if (number === listens || others.some(({ fields }) => listAt(fields, 'ports').some((port) => numberAt(port, 'containerPort') === number)))
    return undefined
  if (others.some(({ fields }) => listAt(fields, 'ports').length === 0))
    return unjudged(server, field, `a container beside vLLM may listen on ${number}`)
  const problem = `it asks port ${number}, and vLLM listens on ${listens}: the probe always fails.`
  return flaw(server, field, problem, `Ask port ${listens}, or start vLLM with \`--port=${number}\`.`)
}

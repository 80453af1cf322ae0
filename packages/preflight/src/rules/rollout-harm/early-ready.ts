import { flaw } from '../../finding.ts'
import { serversOnSnapshots } from '../../subject/on-snapshots.ts'
import { rule, type Rule } from '../rule.ts'

const replaced = ['Deployment', 'StatefulSet', 'LeaderWorkerSet', 'Rollout']

/** Pods that count as Ready too early. */
export const earlyReady: readonly Rule[] = [
  rule({
    id: 'no-readiness-probe',
    severity: 'warning',
    about: 'Neither a readiness nor a startup probe: a pod counts as Ready before vLLM serves, and a rollout then ends the old pods.',
    each: serversOnSnapshots,
    judge: (server) => {
      const { readinessProbe, startupProbe } = server.fields
      if (readinessProbe !== undefined || startupProbe !== undefined || !replaced.includes(server.object.kind)) return undefined
      const problem = 'the pod counts as Ready when its process starts, long before vLLM serves, and old pods go too early.'
      return flaw(server, 'readinessProbe', problem, 'Add a readinessProbe with `httpGet: { path: /health, port: 8000 }`.')
    },
  }),
]

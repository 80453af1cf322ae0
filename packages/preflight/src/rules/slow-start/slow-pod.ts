import { numberAt, readField } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { serviceNames } from '../../subject/namespaces.ts'
import { serversOnSnapshots } from '../../subject/on-snapshots.ts'
import { linkedPods } from '../../subject/pod-templates.ts'
import { rule, type Rule } from '../rule.ts'

/** What delays a pod beside the volume. */
export const slowPod: readonly Rule[] = [
  rule({
    id: 'probe-floor',
    severity: 'warning',
    about: 'A startup or readiness probe that adds seconds after the model serves: an initial delay, or a long period.',
    each: serversOnSnapshots,
    judge: (server): Flaw | undefined => {
      const name = server.fields['startupProbe'] === undefined ? 'readinessProbe' : 'startupProbe'
      const probe = readField(server.fields, name)
      if (probe === undefined) return undefined
      const delay = numberAt(probe, 'initialDelaySeconds') ?? 0
      const period = numberAt(probe, 'periodSeconds') ?? 10
      if (delay === 0 && period <= 5) return undefined
      const floor = delay > 0 ? `no pod is Ready before ${delay} s` : `a pod waits up to ${period} s after it serves`
      const fix = 'Set `periodSeconds: 2` and no `initialDelaySeconds` in a startupProbe.'
      return flaw(server, name, `${floor}, however fast it starts.`, fix)
    },
  }),
  rule({
    id: 'service-link-names',
    severity: 'warning',
    about:
      'A Service whose name begins with `vllm-` sets `VLLM_…` variables in pods with service links, which changes the key of the compile cache.',
    needs: ['services'],
    each: linkedPods,
    judge: (pod, subject) => {
      const names = serviceNames(subject, pod.namespace).filter((name) => name.startsWith('vllm-'))
      if (names.length === 0) return undefined
      const problem = `the Services ${names.join(', ')} set VLLM_… variables, and vLLM makes them part of its compile cache's key.`
      return flaw(pod, 'enableServiceLinks', problem, 'Set `enableServiceLinks: false`.')
    },
  }),
]

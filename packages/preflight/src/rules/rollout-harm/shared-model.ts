import { listAt, readField, textAt } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { hostPathsOf, isBelow, modelFolder } from '../../subject/host-paths.ts'
import { podsOnSnapshots } from '../../subject/on-snapshots.ts'
import { rule, type Rule } from '../rule.ts'

/** Pods that can change what other pods on their node read. */
export const sharedModel: readonly Rule[] = [
  rule({
    id: 'model-mount-writable',
    severity: 'warning',
    about: 'The baked folder is mounted writable: any pod can change the model for all others on its node.',
    each: podsOnSnapshots,
    judge: ({ pod }) => {
      const baked = hostPathsOf(pod).filter(({ hostPath }) => isBelow(hostPath, modelFolder))
      return pod.containers.flatMap((container) =>
        listAt(container.fields, 'volumeMounts').flatMap((mount, index): Flaw[] => {
          const isBaked = baked.some(({ name }) => name === textAt(mount, 'name'))
          if (!isBaked || readField(mount, 'readOnly') === true) return []
          const problem = 'every other pod on the node reads what this pod writes there.'
          return [flaw(container, `volumeMounts[${index}]`, problem, 'Set `readOnly: true`.')]
        }),
      )
    },
  }),
]

import { readField } from '@prebake/manifests'
import { flaw } from '../../finding.ts'
import { manifestsOf } from '../../subject/located.ts'
import { autoscalersOf } from '../../subject/namespaces.ts'
import { podsOnSnapshots } from '../../subject/on-snapshots.ts'
import { asksForGpus } from '../../subject/pod-resources.ts'
import { workloadOf } from '../../subject/pod-templates.ts'
import { rule, type Rule } from '../rule.ts'

/** Rollouts that end too early, or undo what an autoscaler did. */
export const stuckRollout: readonly Rule[] = [
  rule({
    id: 'progress-deadline',
    severity: 'warning',
    about: '`progressDeadlineSeconds` of 600 (the default) or less, which can end before a GPU node is found and has started.',
    each: (subject) => podsOnSnapshots(subject).filter(({ pod }) => asksForGpus(pod)),
    judge: ({ pod }) => {
      const seconds = readField(pod.object, 'spec.progressDeadlineSeconds') ?? 600
      if (pod.object.kind !== 'Deployment' || typeof seconds !== 'number' || seconds > 600) return undefined
      const problem = `after ${seconds} s without a new pod the Deployment counts as failed; where capacity is short, a GPU node alone can take longer.`
      return flaw(workloadOf(pod), 'spec.progressDeadlineSeconds', problem, 'Set `progressDeadlineSeconds: 1800`.')
    },
  }),
  rule({
    id: 'replicas-owned',
    severity: 'warning',
    about: '`replicas` in a Deployment that an autoscaler scales: every apply resets the number.',
    needs: ['autoscalers'],
    each: (subject) => manifestsOf(subject, 'apps', 'Deployment'),
    judge: (deployment, subject) => {
      const { name, namespace = 'default' } = deployment.object.metadata
      if (readField(deployment.object, 'spec.replicas') === undefined) return undefined
      const owner = autoscalersOf(subject, namespace).find(({ target }) => target.kind === 'Deployment' && target.name === name)
      if (owner === undefined) return undefined
      const problem = `${owner.kind} ${owner.name} scales this Deployment, and every apply resets its number.`
      return flaw(deployment, 'spec.replicas', problem, 'Leave `replicas` out.')
    },
  }),
]

import { valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { faultAt, manifestsOf } from '../subject/located.ts'
import { podFault, podTemplatesOf, type PodTemplate } from '../subject/pod-templates.ts'
import { listAt, readField } from '@prebake/manifests'
import { serveArguments } from '../subject/serve-arguments.ts'
import { readAutoscaler, type Autoscaler } from '../subject/autoscaler.ts'
import type { PreflightSubject } from '../subject/subject.ts'

const enforced = 'pod-security.kubernetes.io/enforce'

/** What else is in the cluster and stands in the way of these pods. */
export const clusterRules: readonly Rule[] = [
  {
    id: 'pod-security',
    severity: 'error',
    about: 'The namespace enforces a Pod Security level that forbids hostPath, by which pods read the snapshot.',
    needs: ['namespace'],
    judge: (subject) =>
      podTemplatesOf(subject).flatMap((pod): Fault[] => {
        const level = namespaceLabels(subject, pod.namespace)?.[enforced]
        const index = listAt(pod.spec, 'volumes').findIndex((volume) => readField(volume, 'hostPath') !== undefined)
        if (index < 0 || (level !== 'baseline' && level !== 'restricted')) return []
        const reason = `the namespace ${pod.namespace} enforces \`${level}\`, which forbids hostPath: no pod is ever created.`
        const remedy = `Use a namespace of its own, labelled \`${enforced}: privileged\`.`
        return [podFault(pod, `volumes[${index}].hostPath`, reason, remedy)]
      }),
  },
  {
    id: 'service-link-port',
    severity: 'error',
    about: 'A Service named `vllm` gives pods with service links `VLLM_PORT=tcp://…`, on which vLLM crashes.',
    needs: ['services'],
    judge: (subject) =>
      linkedPods(subject).flatMap((pod): Fault[] => {
        if (!serviceNames(subject, pod.namespace).includes('vllm')) return []
        const reason = `the Service vllm in ${pod.namespace} sets VLLM_PORT=tcp://… in its pods, and vLLM crashes on it.`
        return [podFault(pod, 'enableServiceLinks', reason, 'Set `enableServiceLinks: false`, or rename the Service.')]
      }),
  },
  {
    id: 'service-link-names',
    severity: 'warning',
    about:
      'A Service whose name begins with `vllm-` sets `VLLM_…` variables in pods with service links, and with them another compile cache.',
    needs: ['services'],
    judge: (subject) =>
      linkedPods(subject).flatMap((pod): Fault[] => {
        const names = serviceNames(subject, pod.namespace).filter((name) => name.startsWith('vllm-'))
        if (names.length === 0) return []
        const reason = `the Services ${names.join(', ')} set VLLM_… variables, which are part of what vLLM keys its compile cache by.`
        return [podFault(pod, 'enableServiceLinks', reason, 'Set `enableServiceLinks: false`.')]
      }),
  },
  {
    id: 'replicas-owned',
    severity: 'warning',
    about: '`replicas` in a Deployment that an autoscaler scales: every apply puts the number back.',
    needs: ['autoscalers'],
    judge: (subject) =>
      manifestsOf(subject, 'apps', 'Deployment').flatMap((deployment): Fault[] => {
        const { name, namespace = 'default' } = deployment.object.metadata
        if (readField(deployment.object, 'spec.replicas') === undefined) return []
        const owner = autoscalersOf(subject, namespace).find(({ target }) => target.kind === 'Deployment' && target.name === name)
        if (owner === undefined) return []
        const reason = `${owner.kind} ${owner.name} scales this Deployment, and every apply takes its number back.`
        return [faultAt(deployment, 'spec.replicas', reason, 'Leave `replicas` out.')]
      }),
  },
]

/** Pods with vLLM that get variables for the Services of their namespace: the default. */
const linkedPods = (subject: PreflightSubject): readonly PodTemplate[] =>
  podTemplatesOf(subject).filter(
    ({ spec, containers }) => spec['enableServiceLinks'] !== false && containers.some(({ fields }) => serveArguments(fields) !== undefined),
  )

function namespaceLabels(subject: PreflightSubject, name: string): Readonly<Record<string, string>> | undefined {
  const given = manifestsOf(subject, '', 'Namespace').find(({ object }) => object.metadata.name === name)
  return given?.object.metadata.labels ?? valueOf(subject.facts.namespace[name])
}

/** Of the manifests and of the cluster; headless ones set no variables. */
function serviceNames(subject: PreflightSubject, namespace: string): readonly string[] {
  const given = manifestsOf(subject, '', 'Service').map(({ object }) => object)
  const services = [...given, ...(valueOf(subject.facts.services[namespace]) ?? [])]
  const linked = services.filter(
    ({ metadata, spec }) => (metadata.namespace ?? 'default') === namespace && readField(spec, 'clusterIP') !== 'None',
  )
  return [...new Set(linked.map(({ metadata }) => metadata.name))]
}

function autoscalersOf(subject: PreflightSubject, namespace: string): readonly Autoscaler[] {
  const given = [...manifestsOf(subject, 'autoscaling', 'HorizontalPodAutoscaler'), ...manifestsOf(subject, 'keda.sh', 'ScaledObject')]
  const here = given
    .filter(({ object }) => (object.metadata.namespace ?? 'default') === namespace)
    .map(({ object }) => readAutoscaler(object))
  return [...here, ...(valueOf(subject.facts.autoscalers[namespace]) ?? [])]
}

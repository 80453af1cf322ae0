import { fieldsOf, groupOf, listAt, readField, textAt, type Fields, type KubernetesObject } from '@prebake/manifests'
import { manifestLocations, type Located } from './located.ts'
import { remember } from './remember.ts'
import { serveArguments } from './serve-arguments.ts'
import type { PreflightSubject } from './subject.ts'

/** `init`: ends before the others begin. A sidecar (an init container that is always restarted) runs beside them. */
export type ContainerRole = 'main' | 'sidecar' | 'init'

export interface Container extends Located {
  readonly name: string
  readonly role: ContainerRole
  readonly fields: Fields
}

/** The pods that a manifest makes; located at their spec. */
export interface PodTemplate extends Located {
  readonly namespace: string
  readonly spec: Fields
  /** In the order in which they are written: init containers and sidecars first. */
  readonly containers: readonly Container[]
}

const inTemplate = ['spec.template.spec']
/** By group and kind, where the specs of its pods are; of a LeaderWorkerSet, those of the leader may be left out. */
const specPaths: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': inTemplate,
  'apps/StatefulSet': inTemplate,
  'apps/DaemonSet': inTemplate,
  'apps/ReplicaSet': inTemplate,
  'batch/Job': inTemplate,
  'batch/CronJob': ['spec.jobTemplate.spec.template.spec'],
  '/Pod': ['spec'],
  '/ReplicationController': inTemplate,
  'argoproj.io/Rollout': inTemplate,
  'leaderworkerset.x-k8s.io/LeaderWorkerSet': [
    'spec.leaderWorkerTemplate.workerTemplate.spec',
    'spec.leaderWorkerTemplate.leaderTemplate.spec',
  ],
}

const pathsOf = (object: KubernetesObject) => specPaths[`${groupOf(object)}/${object.kind}`] ?? []

/** Whether the preflight reads the pods of this object. A Rollout that refers to a Deployment has none of its own. */
export function isKnownWorkload(object: KubernetesObject): boolean {
  return pathsOf(object).some((path) => readField(object, path) !== undefined) || readField(object, 'spec.workloadRef') !== undefined
}

const podsIn = remember((manifests: PreflightSubject['manifests']) => manifestLocations({ manifests }).flatMap(readPods))

export function podTemplatesOf({ manifests }: Pick<PreflightSubject, 'manifests'>): readonly PodTemplate[] {
  return podsIn(manifests)
}

function readPods(workload: Located): readonly PodTemplate[] {
  return pathsOf(workload.object).flatMap((path): PodTemplate[] => {
    const spec = fieldsOf(readField(workload.object, path))
    const read = (list: string) =>
      listAt(spec, list).map((container, index): Container => {
        const role = list === 'containers' ? 'main' : textAt(container, 'restartPolicy') === 'Always' ? 'sidecar' : 'init'
        const name = textAt(container, 'name') ?? String(index)
        return { ...workload, path: `${path}.${list}[${index}]`, name, role, fields: fieldsOf(container) }
      })
    const containers = [...read('initContainers'), ...read('containers')]
    return containers.length === 0
      ? []
      : [{ ...workload, path, namespace: workload.object.metadata.namespace ?? 'default', spec, containers }]
  })
}

/** The workload of a pod as a whole. */
export function workloadOf(pod: PodTemplate): Located {
  return { object: pod.object, path: '', source: pod.source, live: pod.live }
}

/** Pods with vLLM that get environment variables for the Services of their namespace, which is Kubernetes' default. */
export function linkedPods(subject: Pick<PreflightSubject, 'manifests'>): readonly PodTemplate[] {
  return podTemplatesOf(subject).filter(
    ({ spec, containers }) => spec['enableServiceLinks'] !== false && containers.some(({ fields }) => serveArguments(fields) !== undefined),
  )
}

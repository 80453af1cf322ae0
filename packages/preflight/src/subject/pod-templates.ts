import { fieldsOf, listAt, parseQuantity, readField, textAt, type Fields } from '@prebake/manifests'
import { manifestsOf, type Located } from './located.ts'
import { serveArguments } from './serve-arguments.ts'
import type { PreflightSubject } from './subject.ts'

export interface Container extends Located {
  readonly name: string
  readonly fields: Fields
}

/** The pods that a manifest makes; located at their spec. */
export interface PodTemplate extends Located {
  readonly namespace: string
  readonly spec: Fields
  readonly containers: readonly Container[]
}

const kinds: readonly (readonly [group: string, kind: string, path: string])[] = [
  ['apps', 'Deployment', 'spec.template.spec'],
  ['apps', 'StatefulSet', 'spec.template.spec'],
  ['apps', 'DaemonSet', 'spec.template.spec'],
  ['apps', 'ReplicaSet', 'spec.template.spec'],
  ['batch', 'Job', 'spec.template.spec'],
  ['', 'Pod', 'spec'],
]

export function podTemplatesOf(subject: Pick<PreflightSubject, 'manifests'>): readonly PodTemplate[] {
  return kinds.flatMap(([group, kind, path]) =>
    manifestsOf(subject, group, kind).map((workload): PodTemplate => {
      const spec = fieldsOf(readField(workload.object, path))
      const containers = listAt(spec, 'containers').map((container, index) => ({
        ...workload,
        path: `${path}.containers[${index}]`,
        name: textAt(container, 'name') ?? String(index),
        fields: fieldsOf(container),
      }))
      return { ...workload, path, namespace: workload.object.metadata.namespace ?? 'default', spec, containers }
    }),
  )
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

export interface Resources {
  readonly cpuMillis: number
  readonly memoryMiB: number
  readonly gpus: number
}

/** What a pod requests: the sum of its containers, or its largest init container where that is more (Kubernetes, "Pod resource requests"). */
export function requestsOf({ spec }: Pick<PodTemplate, 'spec'>): Resources {
  const all = listAt(spec, 'containers').map(containerRequests)
  const initial = listAt(spec, 'initContainers').map(containerRequests)
  const total = (read: (resources: Resources) => number) =>
    Math.max(
      all.reduce((sum, resources) => sum + read(resources), 0),
      ...initial.map(read),
    )
  return {
    cpuMillis: total(({ cpuMillis }) => cpuMillis),
    memoryMiB: total(({ memoryMiB }) => memoryMiB),
    gpus: total(({ gpus }) => gpus),
  }
}

function containerRequests(container: unknown): Resources {
  // Where only a limit is given, it is the request too.
  const asked = { ...fieldsOf(readField(container, 'resources.limits')), ...fieldsOf(readField(container, 'resources.requests')) }
  return {
    cpuMillis: (parseQuantity(asked['cpu']) ?? 0) * 1000,
    memoryMiB: (parseQuantity(asked['memory']) ?? 0) / 2 ** 20,
    gpus: parseQuantity(asked['nvidia.com/gpu']) ?? 0,
  }
}

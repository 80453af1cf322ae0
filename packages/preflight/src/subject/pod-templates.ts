import { faultAt, manifestsOf, type Located } from './located.ts'
import type { Fault } from '../finding.ts'
import { fieldsOf, listAt, parseQuantity, readField, textAt } from '@prebake/manifests'
import type { PreflightSubject } from './subject.ts'

export interface Container {
  readonly name: string
  readonly fields: Readonly<Record<string, unknown>>
  /** `spec.template.spec.containers[0]`. */
  readonly path: string
}

/** The pods that a manifest makes. */
export interface PodTemplate {
  readonly workload: Located
  readonly namespace: string
  /** Of the pod's spec: `spec.template.spec`. */
  readonly path: string
  readonly spec: Readonly<Record<string, unknown>>
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
        name: textAt(container, 'name') ?? String(index),
        fields: fieldsOf(container),
        path: `${path}.containers[${index}]`,
      }))
      return { workload, namespace: workload.object.metadata.namespace ?? 'default', path, spec, containers }
    }),
  )
}

export interface Resources {
  readonly cpuMillis: number
  readonly memoryMiB: number
  readonly gpus: number
}

/** What a pod asks its node for: the sum of its containers, or its largest init container where that is more (Kubernetes, "Pod resource requests"). */
export function requestsOf({ spec }: PodTemplate): Resources {
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

/** A fault of a field of the pod. @param field below the pod's spec: `hostNetwork`. */
export function podFault(pod: PodTemplate, field: string, reason: string, remedy: string): Fault {
  return faultAt(pod.workload, field === '' ? pod.path : `${pod.path}.${field}`, reason, remedy)
}

export function containerFault(pod: PodTemplate, container: Container, field: string, reason: string, remedy: string): Fault {
  return faultAt(pod.workload, `${container.path}.${field}`, reason, remedy)
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

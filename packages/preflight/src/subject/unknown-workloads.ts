import { fieldsOf, isFields, listAt, textAt } from '@prebake/manifests'
import { manifestLocations, type Located } from './located.ts'
import { isKnownWorkload } from './pod-templates.ts'
import type { PreflightSubject } from './subject.ts'

/** Kinds that make pods from something other than a pod template. */
const servingKinds = [
  'InferenceService',
  'LLMInferenceService',
  'LLMInferenceServiceConfig',
  'VLLMRuntime',
  'Model',
  'RayService',
  'RayCluster',
]

/** Objects that make pods in a way that the preflight does not read, such as those of a serving platform. */
export function unknownWorkloads(subject: Pick<PreflightSubject, 'manifests'>): readonly Located[] {
  return manifestLocations(subject).filter(
    ({ object }) => !isKnownWorkload(object) && (servingKinds.includes(object.kind) || holdsContainers(object['spec'])),
  )
}

function holdsContainers(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsContainers)
  if (!isFields(value)) return false
  const containers = listAt(value, 'containers')
  if (containers.some((container) => textAt(container, 'image') !== undefined)) return true
  return Object.values(fieldsOf(value)).some(holdsContainers)
}

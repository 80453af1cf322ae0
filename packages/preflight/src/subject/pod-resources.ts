import { fieldsOf, listAt, parseQuantity, readField, type Fields } from '@prebake/manifests'
import type { PodTemplate } from './pod-templates.ts'
import { remember } from './remember.ts'

/** What a pod or a container requests. */
export interface Resources {
  readonly cpuMillis: number
  readonly memoryMiB: number
  readonly storageMiB: number
  /** Whole GPUs. */
  readonly gpus: number
}

const none: Resources = { cpuMillis: 0, memoryMiB: 0, storageMiB: 0, gpus: 0 }
const names = Object.keys(none) as (keyof Resources)[]
const combine = (one: Resources, other: Resources, how: (a: number, b: number) => number): Resources =>
  Object.fromEntries(names.map((name) => [name, how(one[name], other[name])])) as unknown as Resources
const add = (one: Resources, other: Resources) => combine(one, other, (a, b) => a + b)

/**
 * What a pod requests (Kubernetes, "Sidecar containers" and "Pod-level resources"): the sum of its containers and sidecars, or an init container with the
 * sidecars before it where that is more. Resources of the pod as a whole take the place of its containers', and its overhead comes on top.
 */
export function requestsOf({ spec }: Pick<PodTemplate, 'spec'>): Resources {
  return requestsIn(spec)
}

const requestsIn = remember((spec: Fields): Resources => {
  let sidecars = none
  let largest = none
  for (const container of listAt(spec, 'initContainers')) {
    const asked = read(readField(container, 'resources'))
    if (readField(container, 'restartPolicy') === 'Always') sidecars = add(sidecars, asked)
    else largest = combine(largest, add(sidecars, asked), Math.max)
  }
  const running = listAt(spec, 'containers')
    .map((container) => read(readField(container, 'resources')))
    .reduce(add, sidecars)
  const given = askedOf(spec['resources'])
  const whole = read(spec['resources'])
  const total = combine(running, largest, Math.max)
  return add(
    {
      ...total,
      ...(given['cpu'] !== undefined && { cpuMillis: whole.cpuMillis }),
      ...(given['memory'] !== undefined && { memoryMiB: whole.memoryMiB }),
    },
    read({ requests: spec['overhead'] }),
  )
})

/** Where only a limit is given, it is the request too. */
function askedOf(resources: unknown): Fields {
  return { ...fieldsOf(readField(resources, 'limits')), ...fieldsOf(readField(resources, 'requests')) }
}

function read(resources: unknown): Resources {
  const asked = askedOf(resources)
  const quantity = (name: string) => parseQuantity(asked[name]) ?? 0
  return {
    cpuMillis: quantity('cpu') * 1000,
    memoryMiB: quantity('memory') / 2 ** 20,
    storageMiB: quantity('ephemeral-storage') / 2 ** 20,
    gpus: quantity('nvidia.com/gpu'),
  }
}

/** How a container asks for GPUs: `whole` ones by `nvidia.com/gpu`, in `parts` (MIG, time slices), by a `claim` (dynamic resource allocation). */
export function gpuRequestOf(container: unknown): 'whole' | 'parts' | 'claim' | undefined {
  const asked = Object.keys(askedOf(readField(container, 'resources')))
  if (asked.includes('nvidia.com/gpu')) return 'whole'
  if (asked.some((name) => name.startsWith('nvidia.com/'))) return 'parts'
  return listAt(container, 'resources.claims').length > 0 ? 'claim' : undefined
}

/** Whether a pod asks for GPUs in whatever way. A claim of the pod may be for another device, too. */
export function asksForGpus({ spec, containers }: Pick<PodTemplate, 'spec' | 'containers'>): boolean {
  return requestsOf({ spec }).gpus > 0 || containers.some(({ fields }) => gpuRequestOf(fields) !== undefined)
}

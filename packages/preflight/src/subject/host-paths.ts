import { listAt, textAt } from '@prebake/manifests'
import type { Located } from './located.ts'
import type { PodTemplate } from './pod-templates.ts'

/** A hostPath volume of a pod; located at its `hostPath`. */
export interface HostPath extends Located {
  /** The volume's name. */
  readonly name: string
  readonly hostPath: string
  /** Empty: nothing is checked when it is mounted. */
  readonly type: string
}

export function hostPathsOf(pod: PodTemplate): readonly HostPath[] {
  return listAt(pod.spec, 'volumes').flatMap((volume, index): HostPath[] => {
    const hostPath = textAt(volume, 'hostPath.path')
    if (hostPath === undefined) return []
    const { object, source, live } = pod
    const path = `${pod.path}.volumes[${index}].hostPath`
    return [{ object, source, live, path, name: textAt(volume, 'name') ?? '', hostPath, type: textAt(volume, 'hostPath.type') ?? '' }]
  })
}

/** Whether a path is the folder or lies in it. */
export const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)

/** Where a build puts models on the data volume. */
export const modelFolder = '/mnt/models'

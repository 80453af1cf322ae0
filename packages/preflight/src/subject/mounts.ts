import { posix } from 'node:path'
import { fieldsOf, listAt, readField, textAt } from '@prebake/manifests'
import { isBelow } from './host-paths.ts'
import type { Container, PodTemplate } from './pod-templates.ts'

/** Where a path of a container lies. */
export type Mounted =
  /** In the container's image: no mount covers it. */
  | { readonly on: 'image' }
  /** In a folder of the node; `path` is the path there. */
  | { readonly on: 'host'; readonly path: string }
  /** On another volume. `source`: its field in the pod's spec, `emptyDir`. `isFilled`: another container, or a source, puts something on it. */
  | { readonly on: 'volume'; readonly source: string; readonly name: string; readonly isFilled: boolean }
  | { readonly on: 'unknown' }

/** @param path absolute. */
export function mountOf(pod: PodTemplate, container: Container, path: string): Mounted {
  const wanted = tidy(path)
  const mounts = listAt(container.fields, 'volumeMounts')
    .map(fieldsOf)
    .flatMap((mount) => {
      const mountPath = tidy(textAt(mount, 'mountPath') ?? '')
      return isBelow(wanted, mountPath) || mountPath === '/' ? [{ mount, mountPath }] : []
    })
  // The deepest mount covers the others.
  const [covering] = mounts.toSorted((a, b) => b.mountPath.length - a.mountPath.length)
  if (covering === undefined) return { on: 'image' }
  const { mount, mountPath } = covering
  const name = textAt(mount, 'name') ?? ''
  const volume = listAt(pod.spec, 'volumes').find((candidate) => textAt(candidate, 'name') === name)
  if (volume === undefined || mount['subPathExpr'] !== undefined) return { on: 'unknown' }
  const folder = textAt(volume, 'hostPath.path')
  if (folder !== undefined)
    return { on: 'host', path: tidy(posix.join(folder, textAt(mount, 'subPath') ?? '', wanted.slice(mountPath.length))) }
  const source = Object.keys(fieldsOf(volume)).find((field) => field !== 'name') ?? 'emptyDir'
  return { on: 'volume', source, name, isFilled: source !== 'emptyDir' || isSharedBy(pod, container, name) }
}

/** Whether another container of the pod mounts the volume, which may then fill it. */
function isSharedBy(pod: PodTemplate, { path }: Container, volume: string): boolean {
  return pod.containers.some(
    (other) => other.path !== path && listAt(other.fields, 'volumeMounts').some((mount) => readField(mount, 'name') === volume),
  )
}

/** Without a slash at the end, and without `.` and `..`. */
export function tidy(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}

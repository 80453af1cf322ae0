import { isFields, type Fields } from './kubernetes/fields.ts'
import { titleOf, type KubernetesObject } from './kubernetes/kubernetes-object.ts'
import { bookkeeping } from './same-content.ts'

/** One field that differs; undefined: it is not there. */
interface Difference {
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** Beside what `sameContent` leaves out: written once by the server, or a second copy of the whole object, secrets included. */
const noise = new Set([...bookkeeping, 'uid', 'creationTimestamp', 'selfLink', 'deletionTimestamp'])
const copies = new Set(['kubectl.kubernetes.io/last-applied-configuration'])

/**
 * What applying would change, a line for each field: `NodePool vllm  spec.limits.cpu: 8 → 16`. Items of a list are identified by what names them
 * (`containers[vllm]`), or by their place. What a Secret holds is never shown.
 * @param before undefined where the object is new.
 */
export function diffObjects(before: KubernetesObject | undefined, after: KubernetesObject): readonly string[] {
  const title = titleOf(after)
  const secret = after.kind === 'Secret' && !after.apiVersion.includes('/')
  return differences(contentOf(before), contentOf(after), '').map(({ path, before: old, after: next }) => {
    const hidden = secret && /^(data|stringData)(\.|\[|$)/.test(path)
    const show = (value: unknown) => (value === undefined ? '(not set)' : hidden ? '(hidden)' : format(value))
    return `${title}  ${path}: ${show(old)} → ${show(next)}`
  })
}

function contentOf(object: KubernetesObject | undefined): Fields | undefined {
  if (object === undefined) return undefined
  const { metadata, status: _, apiVersion: __, kind: ___, ...rest } = object
  const kept = Object.entries(metadata).filter(([name]) => name !== 'annotations' && !noise.has(name))
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !copies.has(name))
  const shown = annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}
  return { metadata: { ...Object.fromEntries(kept), ...shown }, ...rest }
}

function differences(before: unknown, after: unknown, path: string): readonly Difference[] {
  if (isFields(before) || isFields(after)) {
    if (!isFields(before ?? {}) || !isFields(after ?? {})) return [{ path, before, after }]
    const [old, next] = [(before ?? {}) as Fields, (after ?? {}) as Fields]
    const names = [...new Set([...Object.keys(old), ...Object.keys(next)])]
    const found = names.flatMap((name) => differences(old[name], next[name], step(path, name)))
    // An empty object that comes or goes says something: `emptyDir: {}`.
    return names.length === 0 && (before === undefined) !== (after === undefined) && path !== '' ? [{ path, before, after }] : found
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path)
  return Object.is(before, after) || JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
}

function listDifferences(before: readonly unknown[], after: readonly unknown[], path: string): readonly Difference[] {
  const key = nameKeys.find((name) => isNamedBy(before, name) && isNamedBy(after, name))
  const named = (list: readonly unknown[]) =>
    new Map(list.map((item, index) => [key === undefined ? String(index) : String((item as Fields)[key]), item]))
  const [old, next] = [named(before), named(after)]
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((name) => differences(old.get(name), next.get(name), `${path}[${name}]`))
}

/** What names the items of Kubernetes' and Karpenter's lists. */
const nameKeys = ['name', 'deviceName', 'mountPath', 'key', 'containerPort']

function isNamedBy(list: readonly unknown[], key: string): boolean {
  const names = list.map((item) => (isFields(item) ? item[key] : undefined))
  return names.every((name) => typeof name === 'string' || typeof name === 'number') && new Set(names).size === names.length
}

function step(path: string, name: string): string {
  const plain = /^[\w$-]+$/.test(name)
  return plain ? (path === '' ? name : `${path}.${name}`) : `${path}['${name}']`
}

function format(value: unknown): string {
  const text = typeof value === 'string' && /^[\w./:@${}-]+$/.test(value) && !isAmbiguous(value) ? value : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** A text that would read as a number, a boolean or nothing. */
function isAmbiguous(text: string): boolean {
  return /^(true|false|null|-?\d+(\.\d+)?)$/.test(text)
}

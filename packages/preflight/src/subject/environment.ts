import { listAt, readField, textAt } from '@prebake/manifests'

/** In place of a value that a manifest does not tell: it comes from a ConfigMap, a Secret, or the output of a command. */
export const unknown: unique symbol = Symbol('unknown')
/** A value; undefined where there is none. */
export type Setting = string | typeof unknown | undefined

/** Environment variables by name. */
export type Environment = (name: string) => Setting

/** One argument of a command. */
export interface Word {
  /** Of a word that is not known: as far as it is. */
  readonly text: string
  readonly isKnown: boolean
}

/** What the kubelet sets in a container, as far as the manifest tells it. With `envFrom`, every variable that is not written out may exist. */
export function environmentOf(container: unknown): Environment {
  const values = new Map<string, Setting>()
  const others = listAt(container, 'envFrom').length > 0 ? unknown : undefined
  const read: Environment = (name) => (values.has(name) ? values.get(name) : others)
  for (const entry of listAt(container, 'env')) {
    const name = textAt(entry, 'name')
    if (name === undefined) continue
    const { text, isKnown } = expandReferences(textAt(entry, 'value') ?? '', read)
    values.set(name, isKnown && readField(entry, 'valueFrom') === undefined ? text : unknown)
  }
  return read
}

/**
 * `$(NAME)` as the kubelet replaces it in `command`, `args` and the variables that follow; one without a value stays as it is, and `$$` is `$`
 * (k8s.io/kubernetes, third_party/forked/golang/expansion).
 */
export function expandReferences(given: string, environment: Environment): Word {
  let isKnown = true
  const text = given.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (reference, name?: string) => {
    if (name === undefined) return '$'
    const value = environment(name)
    isKnown &&= value !== unknown
    return typeof value === 'string' ? value : reference
  })
  return { text, isKnown }
}

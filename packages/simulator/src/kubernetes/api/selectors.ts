import type { KubeObject } from '../objects.ts'
import { badRequest } from './status.ts'

export type Selector = (object: KubeObject) => boolean

const labelTerm = /^(?:(!)?([\w./-]+)|([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)|([\w./-]+)\s+(in|notin)\s+\(([^)]*)\))$/

/** `app=vllm,tier!=x,env in (a, b),!old`. @throws StatusError 400 for what is no selector. */
export function labelSelector(text: string): Selector {
  const terms = text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .map((term): ((labels: Readonly<Record<string, string>>) => boolean) => {
      const [matched, not, presence, equalKey, operator, value, setKey, set, values] = labelTerm.exec(term) ?? []
      if (matched === undefined) throw badRequest(`unable to parse requirement: found '${term}', expected: a label selector`)
      if (presence !== undefined) return (labels) => (labels[presence] !== undefined) !== (not !== undefined)
      if (equalKey !== undefined) return (labels) => (labels[equalKey] === value) === (operator !== '!=')
      const wanted = (values ?? '').split(',').map((one) => one.trim())
      return (labels) => {
        const label = labels[setKey ?? '']
        return (label !== undefined && wanted.includes(label)) === (set === 'in')
      }
    })
  return ({ metadata }) => terms.every((matches) => matches(metadata.labels ?? {}))
}

const commonFields = ['metadata.name', 'metadata.namespace']
const fields: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.nodeName', 'status.phase', 'spec.schedulerName', 'spec.restartPolicy'],
  Event: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => `involvedObject.${field}`),
    ...['reason', 'reportingComponent', 'type'],
  ],
  Node: ['spec.unschedulable'],
  Secret: ['type'],
}

/** `metadata.name=vllm,status.phase!=Running`. @throws StatusError 400 for a field that the API does not select by. */
export function fieldSelector(kind: string, text: string): Selector {
  const terms = text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, field = '', operator = '', value = ''] = /^(.*?)(==|!=|=)(.*)$/.exec(term) ?? []
      if (![...commonFields, ...(fields[kind] ?? [])].includes(field)) throw badRequest(`field label not supported: ${field || term}`)
      return { field, value, equal: operator !== '!=' }
    })
  return (object) => terms.every(({ field, value, equal }) => (valueAt(object, field) === value) === equal)
}

function valueAt(object: unknown, field: string): string {
  let value = object
  for (const part of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[part]
  return value === undefined || value === null ? '' : String(value as string | number | boolean)
}

import { groupVersionOf, kinds, type Kind } from '../kinds.ts'

/** What a request's path stands for. */
export interface ResourcePath {
  readonly kind: Kind
  readonly namespace?: string
  /** Left out: the whole collection. */
  readonly name?: string
  readonly subresource?: string
}

/** Takes `/apis/apps/v1/namespaces/default/deployments/vllm/scale` apart; undefined for what is no resource. */
export function readPath(pathname: string, among = kinds): ResourcePath | undefined {
  const parts = pathname.split('/').slice(1).map(decodeURIComponent)
  const [groupVersion, rest] =
    parts[0] === 'api' ? [parts[1], parts.slice(2)] : parts[0] === 'apis' ? [`${parts[1]}/${parts[2]}`, parts.slice(3)] : []
  if (groupVersion === undefined || rest === undefined) return undefined
  const find = (plural: string | undefined) => among.find((kind) => kind.plural === plural && groupVersionOf(kind) === groupVersion)

  // A namespace itself has the same path as the beginning of what is in it.
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && find(rest[2]) !== undefined
  const [plural, name, subresource, ...more] = scoped ? rest.slice(2) : rest
  const kind = find(plural)
  if (!kind || more.length > 0 || (scoped && !kind.namespaced)) return undefined
  // One object of a namespaced kind is only ever addressed within its namespace.
  if (kind.namespaced && !scoped && name !== undefined) return undefined
  if (subresource !== undefined && !kind.subresources.some((known) => known === subresource)) return undefined
  return {
    kind,
    ...(scoped && rest[1] !== undefined && { namespace: rest[1] }),
    ...(name !== undefined && name !== '' && { name }),
    ...(subresource !== undefined && { subresource }),
  }
}

import type { RecordedRequest } from '@prebake/simulator'

export interface Role {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly rules: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly verbs: readonly string[]
  }[]
}

/** What one request asks RBAC for. */
export interface Access {
  readonly verb: string
  readonly group: string
  /** With its subresource: `pods/log`. */
  readonly resource: string
  /** Undefined: in the whole cluster. */
  readonly namespace: string | undefined
}

/** `list pods in default`, `patch nodepools.karpenter.sh`. */
export const wordsFor = ({ verb, group, resource, namespace }: Access): string =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${namespace === undefined ? '' : ` in ${namespace}`}`

/**
 * The verbs of a request (Kubernetes documentation, "Determine the request verb"; an apply that makes the object is a `create` too). None for discovery,
 * which whoever is let in may read.
 */
export function accessesOf({ method, path, operation, parameters }: RecordedRequest): readonly Access[] {
  const [, group = '', rest = ''] = /^\/(?:api|apis\/([^/]+))\/[^/]+\/(.+)$/.exec(path) ?? []
  if (rest === '') return []
  const [, namespace, plain = rest] = /^namespaces\/([^/]+)\/(.+)$/.exec(rest) ?? []
  const [plural = '', name, subresource] = plain.split('/')
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`
  const of = (verb: string): Access => ({ verb, group, resource, namespace })
  if (method === 'GET') {
    const watches = (parameters as Readonly<Record<string, unknown>> | undefined)?.['watch'] !== undefined
    return [of(name !== undefined ? 'get' : watches ? 'watch' : 'list')]
  }
  if (method === 'PATCH') return operation.startsWith('apply ') ? [of('patch'), of('create')] : [of('patch')]
  return [of(method.toLowerCase().replace('put', 'update').replace('post', 'create'))]
}

/** Whether one of the roles allows it: a Role in its own namespace, a ClusterRole everywhere. */
export function allows(roles: readonly Role[], { verb, group, resource, namespace }: Access): boolean {
  return roles.some(
    ({ kind, metadata, rules }) =>
      (kind === 'ClusterRole' || metadata.namespace === namespace) &&
      rules.some(({ apiGroups, resources, verbs }) => apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb)),
  )
}

/** Every access that the roles give. */
export const accessesIn = (roles: readonly Role[]): readonly Access[] =>
  roles.flatMap(({ metadata, rules }) =>
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb): Access => ({ verb, group, resource, namespace: metadata.namespace }))),
      ),
    ),
  )

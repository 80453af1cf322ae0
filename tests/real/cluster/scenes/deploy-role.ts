import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type KubernetesObject, readManifests } from '../../../../packages/manifests/src/index.ts'
import type { Api } from '../parts/api.ts'
import { deployer, deployGroup } from '../start-control-plane.ts'

/** One thing that a role allows. */
export interface Right {
  /** '' for the core group. */
  readonly group: string
  /** `deployments/scale`: with its subresource. */
  readonly resource: string
  readonly verb: string
}

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}
type Role = KubernetesObject & { readonly rules: readonly Rule[] }

const groupPath = '/apis/rbac.authorization.k8s.io/v1'
const documents = readManifests(
  [{ path: 'rbac.yaml', text: readFileSync(join(import.meta.dirname, '../../../../deploy/infra/rbac.yaml'), 'utf8') }],
  {},
).map(({ document }) => document)
const roles = documents.filter((document): document is Role => /^(Cluster)?Role$/.test(document.kind))

/** Everything that deploy/infra/rbac.yaml allows. */
export const shippedRights: readonly Right[] = roles.flatMap(({ rules }) => rules.flatMap(rightsOf))

/** Applies deploy/infra/rbac.yaml as it is shipped. */
export async function grantShippedRole(api: Api): Promise<void> {
  for (const document of documents) await api.create(placeOf(document), document)
  for (const right of shippedRights) await settle(api, right, true)
}

/** Does the work while the shipped role lacks one right, and gives it back. */
export async function without<T>(api: Api, right: Right, work: () => Promise<T>): Promise<T> {
  const rules = (role: Role) =>
    role.rules
      .flatMap(rightsOf)
      .filter((each) => !isSame(each, right))
      .map(ruleOf)
  const concerned = roles.filter((role) => role.rules.flatMap(rightsOf).some((each) => isSame(each, right)))
  const patch = async (change: (role: Role) => readonly Rule[]) => {
    for (const role of concerned) await api.patch(`${placeOf(role)}/${role.metadata.name}`, { rules: change(role) })
  }
  await patch(rules)
  try {
    await settle(api, right, false)
    return await work()
  } finally {
    await patch((role) => role.rules)
    await settle(api, right, true)
  }
}

/** The API server learns of a change to a role by a watch of its own. */
async function settle(api: Api, { group, resource, verb }: Right, wanted: boolean): Promise<void> {
  const [name, subresource] = resource.split('/')
  const spec = {
    user: deployer,
    groups: [deployGroup],
    resourceAttributes: { group, resource: name, subresource, verb, namespace: isOfNamespace(resource) ? 'default' : undefined },
  }
  for (let looks = 0; looks < 100; looks++) {
    const { status } = await api.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec })
    if ((status as { allowed: boolean }).allowed === wanted) return
    await sleep(50)
  }
  throw new Error(`The role does not come to ${wanted ? 'allow' : 'forbid'} ${verb} on ${resource}.`)
}

function isOfNamespace(resource: string): boolean {
  return roles.some(({ kind, rules }) => kind === 'Role' && rules.some(({ resources }) => resources.includes(resource)))
}

function rightsOf({ apiGroups, resources, verbs }: Rule): readonly Right[] {
  return apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb }))))
}

function ruleOf({ group, resource, verb }: Right): Rule {
  return { apiGroups: [group], resources: [resource], verbs: [verb] }
}

function isSame(one: Right, other: Right): boolean {
  return one.group === other.group && one.resource === other.resource && one.verb === other.verb
}

function placeOf({ kind, metadata: { namespace } }: KubernetesObject): string {
  return `${groupPath}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}s`
}

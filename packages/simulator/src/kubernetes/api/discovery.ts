import { versions } from '@prebake/versions'
import type { SimulatedResponse } from '../../core/serve.ts'
import { groupVersionOf, type Kind } from '../kinds.ts'
import { jsonResponse } from './status.ts'

/** What the API server says it is; EKS adds its own suffix. */
export const serverVersion = `v${versions.kubernetes}.2-eks-b3126f4`

const verbs = ['delete', 'get', 'list', 'patch', 'watch']
const subresourceEntry = {
  log: { kind: 'Pod', verbs: ['get'] },
  portforward: { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch'] },
}

function resourcesOf(kind: Kind): readonly object[] {
  const { plural, namespaced, subresources, shortNames } = kind
  const subresourceEntries = subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...(name === 'status' ? { kind: kind.kind, verbs: ['get', 'patch'] } : subresourceEntry[name]),
  }))
  const own = { name: plural, singularName: kind.kind.toLowerCase(), namespaced, kind: kind.kind, verbs }
  return [{ ...own, ...(shortNames.length > 0 && { shortNames }) }, ...subresourceEntries]
}

const groupEntry = (name: string) => {
  const version = { groupVersion: `${name}/v1`, version: 'v1' }
  return { name, versions: [version], preferredVersion: version }
}

/** The version and what kinds there are; undefined for any other path. The aggregated form of discovery is not offered, which clients must expect. */
export function discover(pathname: string, kinds: readonly Kind[]): SimulatedResponse | undefined {
  const groups = [...new Set(kinds.map(({ group }) => group).filter((group) => group !== ''))]
  const path = pathname.replace(/\/$/, '')
  if (path === '/version') {
    const build = { gitCommit: '0000000000000000000000000000000000000000', gitTreeState: 'clean', platform: 'linux/amd64' }
    return jsonResponse(200, { major: '1', minor: '34', gitVersion: serverVersion, ...build })
  }
  if (path === '/api') return jsonResponse(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] })
  if (path === '/apis') return jsonResponse(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) })
  const group = groups.find((name) => path === `/apis/${name}`)
  if (group !== undefined) return jsonResponse(200, { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) })
  const groupVersion = path.replace(/^\/apis?\//, '')
  const found = kinds.filter(
    (kind) => groupVersionOf(kind) === groupVersion && path === (kind.group === '' ? '/api/v1' : `/apis/${groupVersion}`),
  )
  if (found.length === 0) return undefined
  return jsonResponse(200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(resourcesOf) })
}

import { BlockList, isIPv6 } from 'node:net'

/** What is known about the path to an API server that was not reached. */
export interface NetworkPath {
  /** The endpoint's settings in EKS. */
  readonly endpoint?: { readonly name: string; readonly publicAccess: boolean; readonly publicAccessCidrs: readonly string[] } | undefined
  /** The IP address that the server's name resolved to. */
  readonly resolved?: string | undefined
  /** The variable that sets a proxy, if one does. */
  readonly proxy?: string | undefined
}

const usual =
  'A private endpoint cannot be reached from a hosted runner: use a runner inside the VPC, or open the public endpoint to this one.'

/** Why the server may be unreachable from here, and what to do. `seen` completes "no connection within 30 s" with the evidence. */
export function connectivityHint({ endpoint, resolved, proxy }: NetworkPath): { readonly seen: string; readonly hint: string } {
  if (endpoint && !endpoint.publicAccess) {
    const open = `aws eks update-cluster-config --name ${endpoint.name} --resources-vpc-config endpointPublicAccess=true,publicAccessCidrs=<this runner’s CIDR>`
    const hint = `A hosted runner cannot reach a private endpoint: use a self-hosted runner inside the VPC, or open it to this runner (\`${open}\`).`
    return { seen: '; its endpoint is private (EKS: endpointPublicAccess=false)', hint }
  }
  if (endpoint && endpoint.publicAccessCidrs.length > 0 && !endpoint.publicAccessCidrs.includes('0.0.0.0/0')) {
    const hint = 'Add the public IP address of this runner (`publicAccessCidrs`), or use a self-hosted runner inside the VPC.'
    return { seen: `; its public endpoint is open only to ${endpoint.publicAccessCidrs.join(', ')}`, hint }
  }
  if (proxy !== undefined) {
    const hint = `${proxy} is set: check that the proxy responds and allows this host, or add the host to NO_PROXY.`
    return { seen: '', hint }
  }
  if (resolved !== undefined && isPrivate(resolved)) {
    return { seen: `; its name resolves to the private address ${resolved}`, hint: usual }
  }
  return { seen: '', hint: usual }
}

// RFC 1918, RFC 6598 (VPCs use it too) and RFC 4193.
const privateNetworks = new BlockList()
privateNetworks.addSubnet('10.0.0.0', 8)
privateNetworks.addSubnet('172.16.0.0', 12)
privateNetworks.addSubnet('192.168.0.0', 16)
privateNetworks.addSubnet('100.64.0.0', 10)
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

function isPrivate(address: string): boolean {
  return privateNetworks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

import { parse } from 'smol-toml'
import { findSubnet, instanceProfiles, managedPolicies } from './account.ts'
import { machineImages } from './images.ts'
import type { Instance } from './store.ts'

/** What becomes of an instance's boot, from its user data, its role and its subnet. */
export interface Boot {
  /** Whether the SSM agent comes online. */
  readonly agent: boolean
  readonly admin: boolean
}

/**
 * Plays what decides on Bottlerocket whether the control container comes up. The boot stops where the user data is not TOML (early-boot-config), or where
 * pluto, which sets the host name of a Kubernetes variant, may not ask EC2 for it; the control container is an image in ECR, and its agent needs a role and a way out.
 */
export function planBoot(instance: Instance): Boot {
  const settings = readSettings(instance.userData)
  if (settings === undefined) return { agent: false, admin: false }
  const allowed = actionsOf(instance)
  const agent = namesHost(instance, settings, allowed) && agentActions.every((action) => allowed.has(action)) && leadsOut(instance)
  return { agent, admin: at(settings, 'host-containers', 'admin', 'enabled') === true }
}

const agentActions = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ssm:UpdateInstanceInformation', 'ssmmessages:CreateControlChannel']

/**
 * pluto (bottlerocket-core-kit sources/api/pluto/src/main.rs, `generate_node_name`): with `hostname-override` set it does not ask EC2; otherwise the source decides,
 * which is `private-dns-name` by default since the variant for Kubernetes 1.26 (bottlerocket sources/shared-defaults/kubernetes-aws-external-cloud-provider.toml), and that is a DescribeInstances.
 */
function namesHost(instance: Instance, settings: unknown, allowed: ReadonlySet<string>): boolean {
  const kubernetes = machineImages.find(({ imageId }) => imageId === instance.imageId)?.kubernetesVersion ?? '1.26'
  const standard = Number(kubernetes.split('.')[1]) >= 26 ? 'private-dns-name' : undefined
  const source = at(settings, 'kubernetes', 'hostname-override-source') ?? standard
  if (at(settings, 'kubernetes', 'hostname-override') !== undefined || source !== 'private-dns-name') return true
  return allowed.has('ec2:DescribeInstances')
}

function actionsOf({ instanceProfileArn }: Instance): ReadonlySet<string> {
  const profile = instanceProfiles.find(({ arn }) => arn === instanceProfileArn)
  return new Set(profile?.policies.flatMap((policy) => managedPolicies[policy]) ?? [])
}

/** By a public address where an internet gateway is the way; there is none where there is no default route. */
function leadsOut(instance: Instance): boolean {
  const route = findSubnet(instance.subnetId)?.defaultRoute
  return route !== undefined && ('natGatewayId' in route || instance.publicAddress !== undefined)
}

function readSettings(userData: string): unknown {
  try {
    return at(parse(userData), 'settings') ?? {}
  } catch {
    return undefined
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined), value)
}

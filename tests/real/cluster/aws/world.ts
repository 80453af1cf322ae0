import { versions } from '@prebake/versions'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The AWS account in which the cluster is. */
export const account = '123456789012'
export const region = 'us-west-2'
export const clusterName = 'proving'
export const nodeRole = 'proving-node'

/** Bottlerocket releases that the account knows. */
/** The one that is shipped, and a later one. */
export const releases = [versions.bottlerocket, '1.99.0'] as const
/** Snapshots that are there; a launch from another one is refused, as EC2 refuses it. */
export const snapshots = { first: 'snap-0aaaaaaaaaaaaaaa1', second: 'snap-0bbbbbbbbbbbbbbb2', third: 'snap-0ccccccccccccccc3' } as const

/** The ID of a release's image. GPU nodes boot the `nvidia` one. */
export function imageId(release: (typeof releases)[number], variant: 'plain' | 'nvidia', architecture: 'x86_64' | 'arm64'): string {
  const digits = [releases.indexOf(release), variant === 'nvidia' ? 1 : 0, architecture === 'arm64' ? 1 : 0]
  return `ami-0${digits.join('')}00000000000000`.slice(0, 21)
}

/** Writes the world for serve_world.py. @returns its path */
export function writeWorld(folder: string, kubernetes: string): string {
  const parameters: Record<string, string> = {}
  const images: object[] = []
  for (const release of releases) {
    for (const variant of ['plain', 'nvidia'] as const) {
      for (const architecture of ['x86_64', 'arm64'] as const) {
        const flavour = `aws-k8s-${kubernetes}${variant === 'nvidia' ? '-nvidia' : ''}`
        const id = imageId(release, variant, architecture)
        // The names under which AWS publishes them (Bottlerocket's own documentation).
        for (const version of [release, ...(release === releases.at(-1) ? ['latest'] : [])])
          parameters[`/aws/service/bottlerocket/${flavour}/${architecture}/${version}/image_id`] = id
        images.push(image(id, `bottlerocket-${flavour}-${architecture}-v${release}`, architecture, releases.indexOf(release)))
      }
    }
  }
  const imagesFile = join(folder, 'images.json')
  writeFileSync(imagesFile, JSON.stringify(images))
  const world = join(folder, 'world.json')
  writeFileSync(world, JSON.stringify({ account, region, cluster: clusterName, role: nodeRole, parameters, images: imagesFile }))
  return world
}

function image(id: string, name: string, architecture: string, age: number): object {
  return {
    ami_id: id,
    name,
    architecture,
    state: 'available',
    public: true,
    owner_id: '092701018921',
    image_location: `amazon/${name}`,
    sriov: 'simple',
    root_device_type: 'ebs',
    root_device_name: '/dev/xvda',
    description: name,
    image_type: 'machine',
    platform: null,
    virtualization_type: 'hvm',
    hypervisor: 'xen',
    // Of two that a selector finds Karpenter takes the newer one.
    creation_date: `2026-10-0${age + 1}T00:00:00.000Z`,
  }
}

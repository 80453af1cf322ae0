import { createHash } from 'node:crypto'

export type Architecture = 'x86_64' | 'arm64'

export interface MachineImage {
  readonly imageId: string
  readonly name: string
  readonly architecture: Architecture
  /** `1.57.0`. */
  readonly bottlerocketVersion: string
  /** As the public parameter says it: `1.57.0-<8 hex digits>`. */
  readonly imageVersion: string
  readonly kubernetesVersion: string
  /** containerd 2 came with the variants for Kubernetes 1.33 (bottlerocket#4515), and 1.69.0 has 2.3 in all of them. */
  readonly containerdVersion: string
  readonly variant: string
  /** Snapshot of the root volume. */
  readonly rootSnapshotId: string
  readonly creationDate: string
}

/** Bottlerocket's account in the commercial regions. */
export const bottlerocketOwnerId = '092701018921'

export const rootDevice = { name: '/dev/xvda', sizeGiB: 2 } as const
export const dataDevice = { name: '/dev/xvdb', sizeGiB: 20 } as const

/** Oldest first; the last is `latest`. The dates are not those of the real releases. */
export const bottlerocketReleases = [
  { version: '1.56.0', build: '7c41f0b2', date: '2026-03-12T18:00:00.000Z' },
  { version: '1.57.0', build: 'b1e29d64', date: '2026-04-14T18:00:00.000Z' },
  { version: '1.69.0', build: '3d90c7fa', date: '2026-11-10T18:00:00.000Z' },
] as const

const kubernetesVersions = ['1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37'] as const
const architectures = ['x86_64', 'arm64'] as const

/** As the builder says it: Bottlerocket marks its own builds (bottlerocket-core-kit#1023). */
function containerdOf(release: string, kubernetesVersion: string): string {
  if (release === '1.69.0') return '2.3.1+bottlerocket'
  return Number(kubernetesVersion.slice(2)) >= 33 ? '2.1.6' : '1.7.29'
}

const idFrom = (prefix: string, text: string) => `${prefix}-0${createHash('sha256').update(text).digest('hex').slice(0, 16)}`

/** Every image that is published: releases by Kubernetes versions, with and without NVIDIA's driver, for both architectures. */
export const machineImages: readonly MachineImage[] = bottlerocketReleases.flatMap((release) =>
  kubernetesVersions.flatMap((kubernetesVersion) =>
    ['', '-nvidia'].flatMap((flavour) =>
      architectures.map((architecture) => {
        const variant = `aws-k8s-${kubernetesVersion}${flavour}`
        const name = `bottlerocket-${variant}-${architecture}-v${release.version}-${release.build}`
        return {
          imageId: idFrom('ami', name),
          name,
          architecture,
          bottlerocketVersion: release.version,
          imageVersion: `${release.version}-${release.build}`,
          kubernetesVersion,
          containerdVersion: containerdOf(release.version, kubernetesVersion),
          variant,
          rootSnapshotId: idFrom('snap', `root of ${name}`),
          creationDate: release.date,
        }
      }),
    ),
  ),
)

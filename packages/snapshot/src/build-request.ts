import type { ImageReference } from '@prebake/image-reference'
import type { Clock, Reporter } from '@prebake/kernel'
import type { VerifiedLevel } from '@prebake/snapshot-record'
import type { FileChoice } from './model-files/selection.ts'
import type { Builders } from './ports/builders.ts'
import type { ImageRegistry, RegistryLogins } from './ports/image-registry.ts'
import type { ManifestCache } from './ports/manifest-cache.ts'
import type { ModelHub } from './ports/model-hub.ts'
import type { Permissions } from './ports/permissions.ts'
import type { Snapshots } from './ports/snapshots.ts'
import type { Architecture } from '@prebake/snapshot-record'

/** The user's request for a build. */
export interface BuildRequest {
  /** Identifies the run; on every resource's tags from its creation. */
  readonly runToken: string
  /** `owner/name`. */
  readonly model: string
  /** Branch, tag or commit. */
  readonly revision: string
  /** Which set of weights, if the repository has both (default: `auto`). */
  readonly format?: FileChoice['format']
  /** Glob patterns: more files of the repository to bake or, after `!`, to exclude. */
  readonly files?: FileChoice['patterns']
  readonly images: readonly ImageReference[]
  /** For the pull on the builder; they are sent encrypted and stay in memory. ECR needs none, because the builder's own role has access. */
  readonly registryLogins?: RegistryLogins
  /** `1.34`. */
  readonly kubernetesVersion: string
  /** `latest` or `1.57.0`. */
  readonly bottlerocketVersion: string
  readonly architecture: Architecture
  readonly instanceType: string
  readonly subnetId: string | undefined
  readonly securityGroupIds: readonly string[]
  readonly instanceProfile: string
  readonly volumeSizeGiB: number
  /** How strictly a second instance verifies the snapshot, if at all. */
  readonly verify: VerifiedLevel | 'none'
  readonly rebuild: boolean
  /** Limit of the whole bake on the builder. The dead-man switch powers the builder off after it. */
  readonly timeoutMs: number
  readonly tags: Readonly<Record<string, string>>
  /** Host name of the model hub, for messages. */
  readonly hubHost: string
}

export interface BuildPorts {
  readonly hub: ModelHub
  readonly registry: ImageRegistry
  readonly builders: Builders
  readonly snapshots: Snapshots
  readonly permissions: Permissions
  readonly clock: Clock
  readonly reporter: Reporter
  /** Where there is a cache. */
  readonly manifests?: ManifestCache
}

import type { ImageReference } from '@prebake/image-reference'
import type { Clock, Reporter } from '@prebake/kernel'
import type { VerifiedLevel } from '@prebake/snapshot-record'
import type { FileChoice } from './model-files/selection.ts'
import type { Builders } from './ports/builders.ts'
import type { ImageRegistry, RegistryLogins } from './ports/image-registry.ts'
import type { ModelHub } from './ports/model-hub.ts'
import type { Permissions } from './ports/permissions.ts'
import type { Snapshots } from './ports/snapshots.ts'
import type { Architecture } from './architecture.ts'

/** What the user asks of a build. */
export interface BuildRequest {
  /** Identifies the run; on every resource's tags before the resource exists. */
  readonly runToken: string
  /** `owner/name`. */
  readonly model: string
  /** Branch, tag or commit. */
  readonly revision: string
  /** Which set of weights, where the repository holds both (default: `auto`). */
  readonly format?: FileChoice['format']
  /** Glob patterns: further files of the repository to bake or, after `!`, to leave out. */
  readonly files?: FileChoice['patterns']
  readonly images: readonly ImageReference[]
  /** For the pull on the builder, where they travel encrypted and stay in memory. An ECR registry needs none: the builder's own role opens it. */
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
  /** How strictly a second instance checks the snapshot, if at all. */
  readonly verify: VerifiedLevel | 'none'
  readonly rebuild: boolean
  /** For the whole bake on the builder; the dead-man switch powers the builder off after it. */
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
}

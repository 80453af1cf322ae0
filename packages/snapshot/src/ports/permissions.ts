import type { ServiceError } from '@prebake/kernel'
import type { BuilderSpec } from './builders.ts'

/** The result of checking a permission without using it. */
export type PermissionCheck = {
  /** The IAM action: `ec2:CreateSnapshot`. */
  readonly action: string
} & (
  | { readonly verdict: 'allowed' }
  /** The service's own refusal; its hint is the missing statement. */
  | { readonly verdict: 'refused'; readonly refusal: ServiceError }
  | { readonly verdict: 'unchecked'; readonly reason: string }
)

/** Checks whether a call would be allowed, and changes nothing. If that cannot be determined, it is `unchecked`, never `allowed`. */
export interface Permissions {
  /** The read calls of a build. */
  checkReads(signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** Everything for this launch, including its tags and passing the role. @throws InputError for an input that EC2 refuses */
  checkLaunch(spec: BuilderSpec, signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** The calls on an existing builder and its data volume. @param tags the tags of the future snapshot */
  checkBuilder(
    instanceId: string,
    volumeId: string,
    tags: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly PermissionCheck[]>
  /** The calls on an existing snapshot. */
  checkSnapshot(snapshotId: string, signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** The same on a snapshot of an earlier build with these tags; `unchecked` if there is none. */
  checkEarlierSnapshot(tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly PermissionCheck[]>
}

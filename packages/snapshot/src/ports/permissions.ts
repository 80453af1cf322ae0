import type { ServiceError } from '@prebake/kernel'
import type { BuilderSpec } from './builders.ts'

/** What came of asking for a permission without using it. */
export type PermissionCheck = {
  /** The IAM action: `ec2:CreateSnapshot`. */
  readonly action: string
} & (
  | { readonly verdict: 'allowed' }
  /** The refusal in the service's own words; its hint is the statement that is missing. */
  | { readonly verdict: 'refused'; readonly refusal: ServiceError }
  | { readonly verdict: 'unchecked'; readonly reason: string }
)

/** Asks whether a call would be allowed, and changes nothing. What cannot be determined is `unchecked`, never `allowed`. */
export interface Permissions {
  /** What a build looks at. */
  checkReads(signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** Everything that this launch takes: also the tags that it sets, and the role that it gives away. @throws InputError for an input that EC2 refuses. */
  checkLaunch(spec: BuilderSpec, signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** What is done with a builder that is there, and with its data volume. @param tags of the snapshot that is to be made of it */
  checkBuilder(
    instanceId: string,
    volumeId: string,
    tags: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly PermissionCheck[]>
  /** What is done with a snapshot that is there. */
  checkSnapshot(snapshotId: string, signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** The same, on a snapshot that an earlier build has left with these tags; `unchecked` where there is none. */
  checkEarlierSnapshot(tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly PermissionCheck[]>
}

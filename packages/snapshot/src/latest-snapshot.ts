import { InputError } from '@prebake/kernel'
import { isRejected, tagKeys, type VerifiedLevel } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { SnapshotRecord, Snapshots } from './ports/snapshots.ts'

const levels: readonly VerifiedLevel[] = ['quick', 'full']

export interface LatestOptions {
  /** `owner/name`. Default: the model of all snapshots, if they have the same. */
  readonly model?: string | undefined
  /** Further tags that it must have. */
  readonly tags?: Readonly<Record<string, string>>
}

/**
 * The newest snapshot that may be rolled out: completed, verified, and not rejected by a failed rollout.
 * @throws InputError naming `snapshot-id` if there is none, or if the snapshots have different models and no model was requested
 */
export async function latestSnapshot(
  { model, tags = {} }: LatestOptions,
  { snapshots }: { readonly snapshots: Pick<Snapshots, 'find'> },
  signal: AbortSignal,
): Promise<SnapshotRecord> {
  const asked = { ...tags, ...(model === undefined ? {} : { [tagKeys.model]: model }) }
  const found = await Promise.all(levels.map((level) => snapshots.find({ ...asked, [tagKeys.verified]: level }, signal)))
  const candidates = found
    .flat()
    .filter((snapshot) => snapshot.state === 'completed' && !isRejected(snapshot.tags))
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  const [newest] = candidates
  if (newest === undefined) throw new InputError([noSnapshot(asked)])
  const models = new Set(candidates.map((snapshot) => snapshot.tags[tagKeys.model]))
  if (models.size > 1) throw new InputError([severalModels([...models])])
  return newest
}

function noSnapshot(asked: Readonly<Record<string, string>>) {
  const listed = Object.entries(asked).map(([key, value]) => `\`${key}=${value}\``)
  const having = listed.length === 0 ? '' : ` with ${listed.join(' and ')}`
  return {
    code: 'latest-missing' satisfies SnapshotErrorCode,
    input: 'snapshot-id',
    wrong: `\`latest\`: this account has no snapshot${having} in this region that is completed, verified and not rejected.`,
    remedy: 'Run build-snapshot, or check `aws-region`, `model` and `snapshot-tags`.',
  }
}

function severalModels(models: readonly (string | undefined)[]) {
  const listed = models.map((model) => (model === undefined ? 'none (an image alone)' : `\`${model}\``)).toSorted()
  return {
    code: 'latest-of-several-models' satisfies SnapshotErrorCode,
    input: 'snapshot-id',
    wrong: `\`latest\`: the snapshots of this account and region have different models: ${listed.join(', ')}.`,
    remedy: 'Give `model`.',
  }
}

import type { ResolvedImage } from './ports/image-registry.ts'
import type { Recipe } from './recipe.ts'

/** Keys of the tags on snapshots and builders. The tags on the snapshot are the truth; every other record of it is a pointer. */
export const tagKeys = {
  /** Of the run that made the resource: the one tag by which a cleanup finds it. */
  run: 'prebake:run',
  /** Of builders: `bake` or `verify`. */
  purpose: 'prebake:purpose',
  /** Of builders: when one has surely outlived its run, ISO 8601. */
  ends: 'prebake:ends',
  /** On a snapshot, of what lies on it; on a builder, of what it bakes or checks. */
  fingerprint: 'prebake:fingerprint',
  model: 'prebake:model',
  revision: 'prebake:revision',
  architecture: 'prebake:architecture',
  bottlerocket: 'prebake:bottlerocket',
  kubernetes: 'prebake:kubernetes',
  containerd: 'prebake:containerd',
  /** `quick` or `full` after a check on a second instance; `failed` when that check failed. */
  verified: 'prebake:verified',
  /** Set when a rollout of the snapshot failed. */
  rejected: 'prebake:rejected',
} as const

export type VerifiedLevel = 'quick' | 'full'

/** What a snapshot must have passed to serve a request; one that asks for no check of its own still reuses only what was checked. */
export function levelFor({ verify }: { readonly verify: VerifiedLevel | 'none' }): VerifiedLevel {
  return verify === 'none' ? 'quick' : verify
}

/** Tags of a snapshot of `recipe`; at most 256 characters a value, as EC2 allows. */
export function snapshotTags(
  recipe: Recipe,
  origin: { fingerprint: string; run: string; bottlerocket: string; kubernetes: string },
): Record<string, string> {
  const images = recipe.images.map((image, index) => [`prebake:image-${index + 1}`, imageTag(image)])
  return {
    Name: `prebake ${recipe.model}`.slice(0, 256),
    [tagKeys.run]: origin.run,
    [tagKeys.fingerprint]: origin.fingerprint,
    [tagKeys.model]: recipe.model,
    [tagKeys.revision]: recipe.commit,
    [tagKeys.architecture]: recipe.architecture,
    [tagKeys.bottlerocket]: origin.bottlerocket,
    [tagKeys.kubernetes]: origin.kubernetes,
    [tagKeys.containerd]: String(recipe.containerdMajor),
    ...Object.fromEntries(images),
  }
}

/** Whether a snapshot was checked on a second instance at least as strictly as `level` asks. */
export function isVerified(tags: Readonly<Record<string, string>>, level: VerifiedLevel = 'quick'): boolean {
  const verified = tags[tagKeys.verified]
  return verified === 'full' || (verified === 'quick' && level === 'quick')
}

export function isRejected(tags: Readonly<Record<string, string>>): boolean {
  return tags[tagKeys.rejected] !== undefined
}

/** A digest is kept whole where the name is too long for the tag. */
function imageTag({ name, digest }: ResolvedImage): string {
  return `${name.slice(0, 255 - digest.length)}@${digest}`
}

import { kindOf, type Artifact } from './content-kind.ts'
import { readIndex, readManifest, type ImageManifest, type IndexEntry } from './image-manifest.ts'
import { formatPlatform, isUnknown, readPlatform, type Platform } from './platform.ts'
import type { Manifest, Repository } from './repository.ts'

/** What was found instead of the wanted image. */
export interface Others {
  readonly platforms: Set<string>
  readonly artifacts: Artifact[]
}

/** Levels of indexes within indexes. Images have one or two. */
const deepest = 4
/** Manifests and configurations to read for one image. */
const mostDocuments = 40

/**
 * The manifest that a node of this architecture runs, chosen as containerd does (core/images/image.go): by the platforms in the index, and for an entry
 * without one, by the image's configuration.
 * @param others collects what was found instead
 * @returns undefined if there is no such image
 */
export async function findManifest(
  repository: Repository,
  root: Manifest,
  architecture: string,
  others: Others,
): Promise<ImageManifest | undefined> {
  let documents = 0
  const isWanted = ({ os, architecture: its, variant }: Platform) => os === 'linux' && its === architecture && variant === ''

  async function search({ content }: Manifest, depth: number, stated: Platform | undefined): Promise<ImageManifest | undefined> {
    const entries = readIndex(content)
    if (entries === undefined) return judge(readManifest(content), depth, stated)
    if (depth === deepest) return undefined
    for (const { digest, platform } of candidates(entries)) {
      if ((documents += 1) > mostDocuments) return undefined
      const found = await search(await repository.manifest(digest), depth + 1, platform)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Entries for this platform, then entries without a platform. */
  function candidates(entries: readonly IndexEntry[]): readonly { digest: string; platform: Platform | undefined }[] {
    const images = entries
      .map(({ digest, platform }) => ({ digest, platform: readPlatform(platform) }))
      .filter(({ platform }) => platform === undefined || !isUnknown(platform))
    const wanted = images.filter(({ platform }) => platform !== undefined && isWanted(platform))
    for (const { platform } of images) if (platform && !isWanted(platform)) others.platforms.add(formatPlatform(platform))
    return [...wanted, ...images.filter(({ platform }) => platform === undefined)]
  }

  async function judge(
    manifest: ImageManifest | undefined,
    depth: number,
    stated: Platform | undefined,
  ): Promise<ImageManifest | undefined> {
    if (manifest === undefined) return undefined
    const content = kindOf(manifest)
    if (content.kind === 'artifact') {
      others.artifacts.push(content)
      return undefined
    }
    if (content.kind === 'image' && stated !== undefined) return manifest
    documents += 1
    const config = await repository.config(manifest.config.digest)
    const platform = stated ?? readPlatform(config)
    if (platform === undefined || (content.kind === 'unknown' && config?.['rootfs'] === undefined)) {
      others.artifacts.push(content.kind === 'unknown' ? content : { type: manifest.config.mediaType })
      return undefined
    }
    // Without an index, containerd does not look at the variant.
    if (isWanted(depth === 0 ? { ...platform, variant: '' } : platform)) return manifest
    others.platforms.add(formatPlatform(platform))
    return undefined
  }

  return search(root, 0, undefined)
}

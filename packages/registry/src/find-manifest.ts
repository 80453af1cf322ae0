import { kindOf, type ContentKind } from './content-kind.ts'
import { readIndex, readManifest, type ImageManifest, type IndexEntry } from './image-manifest.ts'
import type { Manifest, Repository } from './open-repository.ts'
import { formatPlatform, isUnknown, readPlatform, type Platform } from './platform.ts'

/** What was there in place of the wanted image. */
export interface Others {
  readonly platforms: Set<string>
  readonly artifacts: ContentKind[]
}

/** An index may list indexes. containerd knows no bound; images have one level, or two. */
const deepest = 4
/** Manifests and configurations that are read of one image. */
const mostDocuments = 40

/**
 * The manifest that a node of this architecture runs, chosen as containerd does it: by the platforms that an index states, and where it states none by the
 * configuration of the image.
 * @returns undefined where there is none; `others` then holds what there is
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

  /** What may be for this platform: first what says so, then what says nothing. */
  function candidates(entries: readonly IndexEntry[]): readonly { digest: string; platform: Platform | undefined }[] {
    const images = entries
      .filter(({ artifactType, isAttestation }) => artifactType === '' && !isAttestation)
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
    if (platform === undefined || (content.kind === 'unsaid' && config?.['rootfs'] === undefined)) {
      others.artifacts.push(content.kind === 'unsaid' ? content : { kind: 'artifact', type: manifest.config.mediaType })
      return undefined
    }
    // containerd runs a manifest without an index whatever its variant.
    if (isWanted(depth === 0 ? { ...platform, variant: '' } : platform)) return manifest
    others.platforms.add(formatPlatform(platform))
    return undefined
  }

  return search(root, 0, undefined)
}

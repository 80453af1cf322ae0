import { isReachableRegistry, parseReference, type ImageReference } from '@prebake/image-reference'
import { suggestReference } from './suggest-reference.ts'

export interface UnusableReference {
  /** A sentence that names the text. */
  readonly wrong: string
  /** The probable intention. */
  readonly remedy?: string
}

/**
 * Reads the reference of an image to bake: it must name a version, in a valid registry.
 * @returns the reference, or the problem with it
 */
export function parseImageReference(text: string): ImageReference | UnusableReference {
  if (hasPassword(text)) {
    return {
      wrong: 'One of the images contains a name and password.',
      remedy: 'Remove them, and pass them as `registry-credentials`.',
    }
  }
  const parsed = parseReference(text)
  if ('malformed' in parsed) {
    const remedy = suggestReference(text)
    return remedy === undefined
      ? { wrong: `\`${text}\` is not an image reference: ${parsed.malformed}.` }
      : { wrong: `\`${text}\` is not an image reference.`, remedy }
  }
  const { registry, tag, digest } = parsed
  if (!/[.:]|^localhost$/.test(registry)) {
    const remedy = `Write \`${text.toLowerCase()}\`, or the registry in full.`
    return { wrong: `\`${text}\` starts with a capital letter, so \`${registry}\` is taken for a registry.`, remedy }
  }
  if (!isReachableRegistry(registry)) {
    return { wrong: `\`${text}\` names an invalid registry: \`${registry}\` is not a host with a port up to 65535.` }
  }
  if (tag === 'latest')
    return { wrong: `\`${text}\` has the tag \`latest\`, which the kubelet pulls again at every start, even if it is baked.` }
  if (tag === undefined && digest === undefined) return { wrong: `\`${text}\` has neither tag nor digest, which means \`latest\`.` }
  if (digest !== undefined && !digest.startsWith('sha256:')) {
    return {
      wrong: `\`${text}\` has a digest that is not sha256, which not every containerd can store.`,
      remedy: 'Use the sha256 digest of the image.',
    }
  }
  return parsed
}

/** Whether it starts with a name and password, as a URL can. A tag before a digest looks similar. */
function hasPassword(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*@/i.test(text) || /^[^/@\s]+:[^@\s]+@(?!sha\d+:)[^/@\s]+\//i.test(text)
}

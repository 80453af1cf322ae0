import type { ImageReference } from './image-reference.ts'
import { digestPattern, identifierPattern, longestRepository, namePattern, tagPattern } from './reference-grammar.ts'

export interface MalformedReference {
  /** What is malformed: "the tag is malformed". */
  readonly malformed: string
}

/**
 * Reads a reference as containerd, CRI and the kubelet do: by `ParseNormalizedNamed` of github.com/distribution/reference, with Docker Hub's short
 * names written out and nothing else added. A reference with tag and digest keeps both; the digest is what counts.
 */
export function parseReference(text: string): ImageReference | MalformedReference {
  if (identifierPattern.test(text)) return { malformed: 'this is the ID of an image' }
  const { registry, remainder } = splitRegistry(text)
  const at = remainder.indexOf('@')
  const beforeDigest = at < 0 ? remainder : remainder.slice(0, at)
  const digest = at < 0 ? undefined : remainder.slice(at + 1)
  const colon = beforeDigest.indexOf(':')
  const repository = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon)
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1)

  if (repository !== repository.toLowerCase()) return { malformed: 'the repository has capital letters' }
  if (!namePattern.test(`${registry}/${repository}`)) return { malformed: 'the name is malformed' }
  if (repository.length > longestRepository) return { malformed: `the repository has more than ${longestRepository} characters` }
  if (tag !== undefined && !tagPattern.test(tag)) return { malformed: 'the tag is malformed' }
  if (digest !== undefined && !digestPattern.test(digest)) {
    return { malformed: 'the digest is malformed (after the @ come `sha256:` and 64 hexadecimal digits in lower case)' }
  }
  return { registry, repository, tag, digest }
}

/** The registry is what stands before the first slash, if it looks like a host; Docker Hub has two names. */
function splitRegistry(text: string): { readonly registry: string; readonly remainder: string } {
  const slash = text.indexOf('/')
  const first = text.slice(0, Math.max(slash, 0))
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  const registry = isHost && first !== 'index.docker.io' ? first : 'docker.io'
  const remainder = isHost ? text.slice(slash + 1) : text
  return { registry, remainder: registry === 'docker.io' && !remainder.includes('/') ? `library/${remainder}` : remainder }
}

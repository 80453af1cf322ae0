/** An image reference, taken apart and normalised as containerd and the kubelet do it. */
export interface ImageReference {
  /** `docker.io`, `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string
  /** `vllm/vllm-openai`; `library/…` for Docker Hub's own. */
  readonly repository: string
  readonly tag: string | undefined
  /** `sha256:…`. */
  readonly digest: string | undefined
}

const repositoryForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagForm = /^\w[\w.-]{0,127}$/
const digestForm = /^sha256:[0-9a-f]{64}$/

/**
 * Reads a reference by the grammar of the distribution project (github.com/distribution/reference), with Docker Hub's short names written out.
 * @returns the reference, or in `wrong` what is the matter with it.
 */
export function parseImageReference(text: string): ImageReference | { readonly wrong: string } {
  const [beforeDigest = '', digest, ...surplus] = text.split('@')
  if (surplus.length > 0 || (digest !== undefined && !digestForm.test(digest))) {
    return { wrong: `\`${text}\` has a malformed digest: after the @ comes sha256: and 64 hex digits.` }
  }
  const colon = beforeDigest.lastIndexOf(':')
  const hasTag = colon > beforeDigest.lastIndexOf('/')
  const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined
  const name = hasTag ? beforeDigest.slice(0, colon) : beforeDigest
  const [first = '', ...rest] = name.split('/')
  const namesRegistry = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost')
  const registry = namesRegistry ? first : 'docker.io'
  const path = namesRegistry ? rest.join('/') : name
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path

  if (!repositoryForm.test(repository)) return { wrong: `\`${text}\` is not an image reference.` }
  if (tag !== undefined && !tagForm.test(tag)) return { wrong: `\`${text}\` has a malformed tag.` }
  if (tag === 'latest') return { wrong: `\`${text}\` says \`latest\`, which the kubelet pulls again at every start, baked or not.` }
  if (tag === undefined && digest === undefined) return { wrong: `\`${text}\` has neither tag nor digest, which means \`latest\`.` }
  return { registry, repository, tag, digest }
}

/** The reference in full: `docker.io/vllm/vllm-openai:v0.11.0`. */
export function formatImageReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
}

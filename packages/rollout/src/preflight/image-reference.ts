export interface ImageReference {
  /** In full, without tag or digest: `docker.io/vllm/vllm-openai`. */
  readonly name: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/** A pod's image as the kubelet reads it (github.com/distribution/reference): Docker Hub's short names in full. */
export function readImage(text: string): ImageReference {
  const [beforeDigest = '', digest] = text.split('@')
  const colon = beforeDigest.lastIndexOf(':')
  const hasTag = colon > beforeDigest.lastIndexOf('/')
  const short = hasTag ? beforeDigest.slice(0, colon) : beforeDigest
  const [first = '', ...rest] = short.split('/')
  const namesRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first)
  const name = namesRegistry ? short : `docker.io/${rest.length === 0 ? 'library/' : ''}${short}`
  return { name, tag: hasTag ? beforeDigest.slice(colon + 1) : undefined, digest }
}

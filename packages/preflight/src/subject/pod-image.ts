import { nameOf, parseReference } from '@prebake/image-reference'

/** A pod's image as the kubelet reads it. */
export interface PodImage {
  /** In full, without tag or digest: `docker.io/vllm/vllm-openai`. As written where it is malformed. */
  readonly name: string
  readonly tag: string | undefined
  readonly digest: string | undefined
  /** Why the kubelet cannot read it. */
  readonly malformed: string | undefined
}

export function readImage(text: string): PodImage {
  const parsed = parseReference(text)
  return 'malformed' in parsed
    ? { name: text, tag: undefined, digest: undefined, malformed: parsed.malformed }
    : { name: nameOf(parsed), tag: parsed.tag, digest: parsed.digest, malformed: undefined }
}

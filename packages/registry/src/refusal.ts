import { reasonOf, type Reply } from '@prebake/http'
import { ecrRegion } from '@prebake/image-reference'
import { documentLink, InputError, ServiceError, type PrebakeError } from '@prebake/kernel'
import type { Others } from './find-manifest.ts'

/** What is wrong with one of the images that were asked for. */
function imageProblem(wrong: string, remedy: string): InputError {
  return new InputError([{ input: 'images', wrong, remedy }])
}

export function privateEcr(image: string): InputError {
  return imageProblem(
    `\`${image}\` is in a private ECR registry, which cannot be read without credentials, and there are none for it here.`,
    'Give AWS credentials, or use a copy of the image in ECR Public (public.ecr.aws).',
  )
}

/** Why what the reference names is not an image that a node of this architecture can run. */
export function unsuitableImage(image: string, root: Readonly<Record<string, unknown>>, architecture: string, others: Others): InputError {
  const [artifact] = others.artifacts
  if (others.platforms.size > 0) {
    const has = [...others.platforms].slice(0, 10).join(', ')
    return imageProblem(`\`${image}\` is not for linux/${architecture}: it has ${has}.`, 'Choose another tag, or change `architecture`.')
  }
  if (artifact !== undefined) {
    const { type, name } = artifact
    return imageProblem(
      `\`${image}\` is an OCI artifact (${type}${name ? `: ${name}` : ''}), not a container image.`,
      'There is no container image in it. Name the image that serves the model, and the model itself as `model`.',
    )
  }
  if (root['schemaVersion'] === 1) {
    return imageProblem(
      `\`${image}\` has no container image that containerd can pull: its manifest lists no layers, because it is in Docker's old format (schema 1).`,
      'Push the image again with a current tool, or choose another tag.',
    )
  }
  const lacks = Array.isArray(root['manifests']) ? 'its index lists no image' : 'its manifest lists no layers'
  return imageProblem(`\`${image}\` has no container image: ${lacks}.`, 'Check the reference.')
}

export interface RefusedRead {
  readonly image: string
  readonly registry: string
  readonly operation: string
  readonly hasLogin: boolean
}

/** The error for an answer that is not a success (distribution's specification, "Error codes"). Docker Hub says 401 for what does not exist, too. */
export function refusal(reply: Reply, { image, registry, operation, hasLogin }: RefusedRead): PrebakeError {
  const { status } = reply
  const isRegistry = /^\/v2\//.test(reply.url.pathname) || reply.headers.has('www-authenticate')
  if (isRegistry && (status === 401 || status === 403)) return hasLogin ? refusedLogin(image, registry) : missingLogin(image, registry)
  if (isRegistry && status === 404) {
    const what = new TextDecoder().decode(reply.body).includes('NAME_UNKNOWN') ? 'repository' : 'tag or digest'
    return imageProblem(`\`${image}\` does not exist: the registry has no such ${what}.`, 'Check the spelling, and which tags there are.')
  }
  return new ServiceError({ operation, code: `HTTP ${status}`, message: `${reply.url.host}: ${reasonOf(reply)}`, status })
}

function missingLogin(image: string, registry: string): InputError {
  return imageProblem(
    `\`${image}\` cannot be read without credentials: it is private, or does not exist.`,
    `Check the spelling, or give \`registry-credentials\` for ${registry}.`,
  )
}

function refusedLogin(image: string, registry: string): InputError {
  if (ecrRegion(registry) !== undefined)
    return imageProblem(
      `\`${image}\` cannot be read with the AWS credentials of this job.`,
      `Allow \`ecr:BatchGetImage\` and \`ecr:GetDownloadUrlForLayer\` on the repository: ${documentLink('docs/security.md#registries')}.`,
    )
  const wrong = `the login for ${registry} does not open \`${image}\`: it is wrong or has expired, may not read this image, or there is no such image.`
  return new InputError([{ input: 'registry-credentials', wrong, remedy: 'Give a token that may read packages of this repository.' }])
}

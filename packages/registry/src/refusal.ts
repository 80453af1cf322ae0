import { reasonOf, type Reply } from '@prebake/http'
import { ecrRegion } from '@prebake/image-reference'
import { documentLink, InputError, ServiceError, type PrebakeError } from '@prebake/kernel'
import type { RegistryErrorCode } from './error-codes.ts'
import type { Others } from './find-manifest.ts'

/** A problem with one of the input's images. */
function imageProblem(code: RegistryErrorCode, wrong: string, remedy: string): InputError {
  return new InputError([{ code, input: 'images', wrong, remedy }])
}

export function privateEcr(image: string): InputError {
  return imageProblem(
    'image-access-denied',
    `\`${image}\` is in a private ECR registry, and this job has no credentials for it.`,
    'Give AWS credentials, or use a copy of the image in ECR Public (public.ecr.aws).',
  )
}

/** Why the reference names no image that a node of this architecture can run. */
export function unsuitableImage(image: string, root: Readonly<Record<string, unknown>>, architecture: string, others: Others): InputError {
  const [artifact] = others.artifacts
  if (others.platforms.size > 0) {
    const has = [...others.platforms].slice(0, 10).join(', ')
    const wrong = `\`${image}\` has no image for linux/${architecture}, only for ${has}.`
    return imageProblem('image-platform-missing', wrong, 'Choose another tag, or change `architecture`.')
  }
  if (artifact !== undefined) {
    const { type, name } = artifact
    return imageProblem(
      'image-is-artifact',
      `\`${image}\` is an OCI artifact (${type}${name ? `: ${name}` : ''}), not a container image.`,
      'Name the container image that serves the model here, and the model itself as `model`.',
    )
  }
  if (root['schemaVersion'] === 1) {
    return imageProblem(
      'image-format-unknown',
      `\`${image}\` has no container image that containerd can pull: its manifest lists no layers, because it is in Docker's old format (schema 1).`,
      'Push the image again with a current tool, or choose another tag.',
    )
  }
  const lacks = Array.isArray(root['manifests']) ? 'its index lists no image' : 'its manifest lists no layers'
  return imageProblem('image-format-unknown', `\`${image}\` has no container image: ${lacks}.`, 'Check the reference.')
}

export interface RefusedRead {
  readonly image: string
  readonly registry: string
  readonly operation: string
  readonly hasLogin: boolean
}

/** The error for an unsuccessful response (distribution's specification, "Error codes"). Docker Hub also says 401 for what does not exist. */
export function refusal(reply: Reply, { image, registry, operation, hasLogin }: RefusedRead): PrebakeError {
  const { status } = reply
  const isRegistry = /^\/v2\//.test(reply.url.pathname) || reply.headers.has('www-authenticate')
  if (isRegistry && (status === 401 || status === 403)) return hasLogin ? refusedLogin(image, registry) : missingLogin(image, registry)
  if (isRegistry && status === 404) {
    const what = new TextDecoder().decode(reply.body).includes('NAME_UNKNOWN') ? 'repository' : 'tag or digest'
    const wrong = `\`${image}\` does not exist: the registry has no such ${what}.`
    return imageProblem('image-not-found', wrong, 'Check the spelling and the available tags.')
  }
  return new ServiceError(
    { operation, code: `HTTP ${status}`, message: `${reply.url.host}: ${reasonOf(reply)}`, status },
    { code: 'registry-request-failed' satisfies RegistryErrorCode, hint: 'Check the address of the registry, then run again.' },
  )
}

function missingLogin(image: string, registry: string): InputError {
  return imageProblem(
    'image-access-denied',
    `\`${image}\` cannot be read without credentials: it is private, or does not exist.`,
    `Check the spelling, or give \`registry-credentials\` for ${registry}.`,
  )
}

function refusedLogin(image: string, registry: string): InputError {
  if (ecrRegion(registry) !== undefined)
    return imageProblem(
      'image-access-denied',
      `\`${image}\` cannot be read with the AWS credentials of this job.`,
      `Allow \`ecr:BatchGetImage\` and \`ecr:GetDownloadUrlForLayer\` on the repository: ${documentLink('docs/security.md#registries')}.`,
    )
  const code = 'registry-login-refused' satisfies RegistryErrorCode
  const wrong = `The login for ${registry} cannot read \`${image}\`: it is wrong, has expired or lacks permission, or the image does not exist.`
  return new InputError([{ code, input: 'registry-credentials', wrong, remedy: 'Give a token that may read packages of this repository.' }])
}

import { documentLink, InputError, ServiceError, type PrebakeError } from '@prebake/kernel'
import { wordsOf, type Reply } from '@prebake/http'
import { isPrivateEcr } from './registry-address.ts'

/** What is wrong with one of the images that were asked for. */
export function imageProblem(wrong: string, remedy: string): InputError {
  return new InputError([{ input: 'images', wrong, remedy }])
}

export function privateEcr(image: string): InputError {
  return imageProblem(
    `\`${image}\` is in a private ECR registry, which cannot be read without credentials, and there are none for it here.`,
    'Give AWS credentials, or use a copy of the image in ECR Public (public.ecr.aws).',
  )
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
  if (status === 401 || status === 403) return hasLogin ? refusedLogin(image, registry) : missingLogin(image, registry)
  if (status === 404) {
    const what = new TextDecoder().decode(reply.body).includes('NAME_UNKNOWN') ? 'repository' : 'tag or digest'
    return imageProblem(`\`${image}\` does not exist: the registry has no such ${what}.`, 'Check the spelling, and which tags there are.')
  }
  return new ServiceError({ operation, code: `HTTP ${status}`, message: wordsOf(reply), status })
}

function missingLogin(image: string, registry: string): InputError {
  return imageProblem(
    `\`${image}\` cannot be read without credentials: it is private, or does not exist.`,
    `Check the spelling, or give \`registry-credentials\` for ${registry}.`,
  )
}

function refusedLogin(image: string, registry: string): InputError {
  if (isPrivateEcr(registry))
    return imageProblem(
      `\`${image}\` cannot be read with the AWS credentials of this job.`,
      `Allow \`ecr:BatchGetImage\` and \`ecr:GetDownloadUrlForLayer\` on the repository: ${documentLink('docs/security.md#registries')}.`,
    )
  const wrong = `the login for ${registry} does not open \`${image}\`: it is wrong or has expired, may not read this image, or there is no such image.`
  return new InputError([{ input: 'registry-credentials', wrong, remedy: 'Give a token that may read packages of this repository.' }])
}

import { InputError, ServiceError, type PrebakeError } from '@prebake/kernel'
import { wordsOf, type Reply } from '@prebake/http'

const publicRemedy =
  'Use an image that can be read without credentials, from Docker Hub for instance, or a copy of this one in ECR Public (public.ecr.aws).'

/** What is wrong with one of the images that were asked for. */
export function imageProblem(wrong: string, remedy: string): InputError {
  return new InputError([{ input: 'images', wrong, remedy }])
}

export function privateEcr(image: string): InputError {
  return imageProblem(
    `\`${image}\` is in a private ECR registry, which cannot be read without credentials, and this action has none for it.`,
    publicRemedy,
  )
}

/** The error for an answer that is not a success (distribution's specification, "Error codes"). Docker Hub says 401 for what does not exist, too. */
export function refusal(reply: Reply, image: string, operation: string): PrebakeError {
  const { status } = reply
  if (status === 401 || status === 403) {
    return imageProblem(
      `\`${image}\` cannot be read without credentials: it is private, or does not exist.`,
      `Check the spelling. ${publicRemedy}`,
    )
  }
  if (status === 404) {
    const what = new TextDecoder().decode(reply.body).includes('NAME_UNKNOWN') ? 'repository' : 'tag or digest'
    return imageProblem(`\`${image}\` does not exist: the registry has no such ${what}.`, 'Check the spelling, and which tags there are.')
  }
  return new ServiceError({ operation, code: `HTTP ${status}`, message: wordsOf(reply), status })
}

import { styleText } from 'node:util'
import * as core from '@actions/core'
import { InputError } from '@prebake/kernel'
import { codesLine, describeFailure, type FailureDescription } from './describe-failure.ts'
import { withDocumentAddresses } from './document-address.ts'
import { plainLines } from './plain-lines.ts'

export interface FailureReport {
  readonly level: 'error' | 'warning'
  /** The annotation's title. */
  readonly title: string
  readonly error: unknown
  /** Replaces the error's own message, which then becomes the first cause. */
  readonly message?: string
}

/**
 * Reports a failure once: one annotation with the message, then the causes and the error code in grey, then what to do.
 * The stack goes to the debug log, and the diagnosis of pods that do not start to the job summary, too.
 */
export function reportFailure({ level, title, error, message }: FailureReport, env: NodeJS.ProcessEnv): void {
  const described = describeFailure(error)
  const causes = message === undefined ? described.causes : [described.message, ...described.causes]
  const print = (text: string) => core.info(plainLines(withDocumentAddresses(text, env)))

  const annotate = level === 'error' ? core.error : core.warning
  annotate(withDocumentAddresses(message ?? described.message, env), { title, ...placeOf(error) })
  const printGrey = (text: string) => {
    for (const line of text.split('\n')) print(styleText('gray', line, { validateStream: false }))
  }
  for (const cause of causes) printGrey(`Caused by: ${cause}`)
  for (const line of troubleLines(described)) print(line)
  if (described.codes.length > 0) printGrey(codesLine(described.codes))
  if (described.hint !== undefined) print(described.hint)
  if (described.trouble !== undefined) core.summary.addRaw(described.trouble.markdown, true)
  if (error instanceof Error && error.stack) core.debug(error.stack)
}

/** Nothing where there is no diagnosis. */
export function troubleLines({ trouble }: Pick<FailureDescription, 'trouble'>): readonly string[] {
  return trouble === undefined ? [] : ['Why, the likeliest cause first:', ...trouble.lines]
}

/** The line of a file that the first problem is about, if it names one: `deploy/vllm/nodepool.yaml:3 NodePool vllm`. */
function placeOf(error: unknown): core.AnnotationProperties {
  if (!(error instanceof InputError)) return {}
  const [, file, line] = /^([^\s:]+):(\d+)(?=[\s:]|$)/.exec(error.problems[0]?.input ?? '') ?? []
  return file === undefined ? {} : { file, startLine: Number(line) }
}

import { styleText } from 'node:util'
import * as core from '@actions/core'
import { CancelledError, documentLink, InputError, PrebakeError } from '@prebake/kernel'
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
 * The stack goes to the debug log.
 */
export function reportFailure({ level, title, error, message }: FailureReport, env: NodeJS.ProcessEnv): void {
  const errors = chain(error)
  const [own, ...nested] = errors
  const causes = message === undefined ? nested : errors
  const print = (text: string) => core.info(plainLines(withDocumentAddresses(text, env)))

  const annotate = level === 'error' ? core.error : core.warning
  annotate(withDocumentAddresses(message ?? describe(own), env), { title, ...placeOf(error) })
  const printGrey = (text: string) => {
    for (const line of text.split('\n')) print(styleText('gray', line, { validateStream: false }))
  }
  for (const cause of causes) printGrey(`Caused by: ${describe(cause)}`)
  const codes = error instanceof CancelledError ? [] : codesOf(errors)
  if (codes.length > 0) printGrey(`Error code${codes.length === 1 ? '' : 's'}: ${codes.join(', ')} (${documentLink('docs/errors.md')})`)
  const hint = errors.map((each) => (each instanceof PrebakeError ? each.hint : undefined)).find((each) => each !== undefined)
  if (hint !== undefined) print(hint)
  if (error instanceof Error && error.stack) core.debug(error.stack)
}

/** The stable codes of the outermost error that has one. */
function codesOf(errors: readonly unknown[]): readonly string[] {
  const coded = errors.find((each): each is PrebakeError => each instanceof PrebakeError && each.errorCode !== undefined)
  const codes = coded instanceof InputError ? coded.problems.map(({ code }) => code) : [coded?.errorCode]
  return [...new Set(codes.filter((code) => code !== undefined))]
}

/** The line of a file that the first problem is about, if it names one: `deploy/vllm/nodepool.yaml:3 NodePool vllm`. */
function placeOf(error: unknown): core.AnnotationProperties {
  if (!(error instanceof InputError)) return {}
  const [, file, line] = /^([^\s:]+):(\d+)(?=[\s:]|$)/.exec(error.problems[0]?.input ?? '') ?? []
  return file === undefined ? {} : { file, startLine: Number(line) }
}

/** The error and its causes, outermost first. A cycle ends the chain. */
function chain(error: unknown): readonly unknown[] {
  const seen = new Set<unknown>()
  const visit = (current: unknown) => {
    if (current === undefined || seen.has(current)) return
    seen.add(current)
    if (!(current instanceof Error)) return
    visit(current.cause)
    // A refused connection to a host with two addresses is an AggregateError without a message.
    if (current instanceof AggregateError) for (const each of current.errors) visit(each)
  }
  visit(error)
  return error === undefined ? [undefined] : [...seen]
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `A value that is not an error was thrown: ${String(error)}`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const message = error.message || code || 'no message'
  return error instanceof PrebakeError ? message : `${error.name}: ${message}`
}

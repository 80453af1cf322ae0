import { CancelledError, documentLink, InputError, PrebakeError, type Trouble } from '@prebake/kernel'

/** What an error says, in the parts that every place shows it in. */
export interface FailureDescription {
  readonly message: string
  /** Of the causes, outermost first. */
  readonly causes: readonly string[]
  /** The stable codes of the outermost error that has one; none for a cancelled run. */
  readonly codes: readonly string[]
  /** What to do about it. */
  readonly hint: string | undefined
  /** Why pods do not start, where that is what failed. */
  readonly trouble: Trouble | undefined
}

/** Describes whatever was thrown. */
export function describeFailure(error: unknown): FailureDescription {
  const errors = chain(error)
  const [own, ...nested] = errors
  const ours = errors.filter((each): each is PrebakeError => each instanceof PrebakeError)
  return {
    message: describe(own),
    causes: nested.map(describe),
    codes: error instanceof CancelledError ? [] : codesOf(errors),
    hint: ours.map(({ hint }) => hint).find((each) => each !== undefined),
    trouble: ours.map(({ trouble }) => trouble).find((each) => each !== undefined),
  }
}

/** `Error code: builder-silent (…/docs/errors.md)`. */
export function codesLine(codes: readonly string[]): string {
  return `Error code${codes.length === 1 ? '' : 's'}: ${codes.join(', ')} (${documentLink('docs/errors.md')})`
}

/** The stable codes of the outermost error that has one, and that of a certain cause. */
function codesOf(errors: readonly unknown[]): readonly string[] {
  const coded = errors.find((each): each is PrebakeError => each instanceof PrebakeError && each.errorCode !== undefined)
  const codes = coded instanceof InputError ? coded.problems.map(({ code }) => code) : [coded?.errorCode, coded?.trouble?.code]
  return [...new Set(codes.filter((code) => code !== undefined))]
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

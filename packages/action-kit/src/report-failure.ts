import { styleText } from 'node:util'
import { PrebakeError } from '@prebake/kernel'
import { plainLines, workflowCommand, type Write } from './workflow-command.ts'

export interface FailureReport {
  readonly level: 'error' | 'warning'
  /** The annotation's title. */
  readonly title: string
  readonly error: unknown
  /** Said in place of the error's own message, which then becomes the first cause. */
  readonly message?: string
}

/**
 * Tells a failure once: one annotation with the message, then what lies beneath it in grey, then what to do.
 * The stack is for whoever turned on debug logging.
 */
export function reportFailure({ level, title, error, message }: FailureReport, write: Write): void {
  const errors = chain(error)
  const [own, ...beneath] = errors
  const causes = message === undefined ? beneath : errors
  write(workflowCommand(level, message ?? describe(own), { title }))
  for (const cause of causes) {
    for (const line of `Caused by: ${describe(cause)}`.split('\n')) write(plainLines(styleText('gray', line, { validateStream: false })))
  }
  const hint = errors.map((each) => (each instanceof PrebakeError ? each.hint : undefined)).find((each) => each !== undefined)
  if (hint !== undefined) write(plainLines(hint))
  if (error instanceof Error && error.stack) write(workflowCommand('debug', error.stack))
}

/** The error and its causes, outermost first. A chain that bites its own tail ends there. */
function chain(error: unknown): readonly unknown[] {
  const seen = new Set<unknown>()
  const visit = (current: unknown) => {
    if (current === undefined || seen.has(current)) return
    seen.add(current)
    if (!(current instanceof Error)) return
    visit(current.cause)
    // A refused connection to a name with two addresses is an AggregateError without a message of its own.
    if (current instanceof AggregateError) for (const each of current.errors) visit(each)
  }
  visit(error)
  return error === undefined ? [undefined] : [...seen]
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `A value that is no error was thrown: ${String(error)}`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const message = error.message || code || 'no message'
  return error instanceof PrebakeError ? message : `${error.name}: ${message}`
}

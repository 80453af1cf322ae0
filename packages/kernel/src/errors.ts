import type { Trouble } from './trouble.ts'

export interface PrebakeErrorOptions {
  readonly hint?: string
  readonly cause?: unknown
  /** Default: false. */
  readonly transient?: boolean
  /** The kind of failure, in kebab-case. Stable, unlike the message; docs/errors.md lists all codes. */
  readonly code?: string
  /** Why pods do not start, where that is what failed. */
  readonly trouble?: Trouble | undefined
}

/**
 * Every error that a user reads has one form: *what was tried: what happened. What to do.*
 * The first two parts are the message, the third is the `hint`; the underlying error is the `cause`.
 */
export class PrebakeError extends Error {
  readonly hint: string | undefined
  /** Whether the same request may succeed a little later. Set by the adapter that knows the service. */
  readonly transient: boolean
  /** Our own code, such as `node-class-not-ready`. A service's code is in `ServiceError.code`. */
  readonly errorCode: string | undefined
  readonly trouble: Trouble | undefined

  constructor(message: string, options: PrebakeErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = new.target.name
    this.hint = options.hint
    this.transient = options.transient ?? false
    this.errorCode = options.code
    this.trouble = options.trouble
  }
}

/** One problem with the user's input. */
export interface Problem {
  /** The input's name exactly as it is typed in the workflow, or a file's path. */
  readonly input: string
  /** What is wrong. */
  readonly wrong: string
  /** What to do about it. */
  readonly remedy: string
  /** As `PrebakeError.errorCode`. */
  readonly code?: string
}

/** A configuration error that the workflow's author can fix. It lists all problems at once, and nothing has been created yet. */
export class InputError extends PrebakeError {
  readonly problems: readonly Problem[]

  /** Its `errorCode` is the first problem's. */
  constructor(problems: readonly Problem[], options: { cause?: unknown } = {}) {
    const code = problems[0]?.code
    super(problems.map(({ input, wrong, remedy }) => `\`${input}\`: ${wrong} ${remedy}`).join('\n'), { ...options, ...(code && { code }) })
    this.problems = problems
  }
}

/** A service refused or failed. Its message and request ID are kept verbatim. */
export class ServiceError extends PrebakeError {
  readonly operation: string
  readonly code: string
  readonly status: number | undefined
  readonly requestId: string | undefined

  constructor(
    details: { operation: string; code: string; message: string; status?: number | undefined; requestId?: string | undefined },
    options: PrebakeErrorOptions = {},
  ) {
    const request = details.requestId ? ` (request ${details.requestId})` : ''
    super(`${details.operation}: ${details.code}: ${details.message}${request}`, options)
    this.operation = details.operation
    this.code = details.code
    this.status = details.status
    this.requestId = details.requestId
  }
}

/** A wait reached its limit. The message names what was awaited, for how long, and the last state. */
export class TimeoutError extends PrebakeError {
  constructor(details: { awaited: string; limitMs: number; lastSeen: string }, options: PrebakeErrorOptions = {}) {
    super(`Waited ${Math.round(details.limitMs / 1000)} s for ${details.awaited}: not reached. Last seen: ${details.lastSeen}.`, options)
  }
}

/** The run was cancelled. Reported as a warning, not as a failure. */
export class CancelledError extends PrebakeError {
  constructor(reason = 'The run was cancelled.') {
    super(reason, { code: 'run-cancelled' })
  }
}

/** What something that was thrown says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

import { CancelledError, ServiceError } from '@prebake/kernel'
import type { AwsErrorCode } from './error-codes.ts'
import { toServiceError } from './service-error.ts'

/**
 * Sends one request and translates its failure.
 * @param action the IAM action that allows it: `ec2:RunInstances`
 * @throws CancelledError when `signal` is aborted, else ServiceError
 */
export async function call<T>(
  action: string,
  signal: AbortSignal,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await send({ abortSignal: signal })
  } catch (error) {
    if (signal.aborted) throw new CancelledError()
    throw toServiceError(action, error)
  }
}

/** The same for all pages of a listing. */
export function callPages<T>(
  action: string,
  signal: AbortSignal,
  pages: (options: { abortSignal: AbortSignal }) => AsyncIterable<T>,
): Promise<T[]> {
  return call(action, signal, async (options) => {
    const all: T[] = []
    for await (const page of pages(options)) all.push(page)
    return all
  })
}

/** For `catch`: returns `fallback` for an error with one of these codes, and rethrows any other. */
export function onErrorCode<T>(codes: readonly string[], fallback: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ServiceError && codes.includes(error.code)) return fallback
    throw error
  }
}

/** A field that AWS always sends but that is optional in the SDK's types. @throws ServiceError if it is missing */
export function requireField<T>(value: T | undefined, operation: string, field: string): T {
  if (value !== undefined) return value
  const code = 'aws-response-unreadable' satisfies AwsErrorCode
  const hint = 'Run again. If it happens again, report it with the operation and the field.'
  throw new ServiceError({ operation, code: 'IncompleteAnswer', message: `the response has no ${field}.` }, { code, hint })
}

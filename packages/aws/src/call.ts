import { CancelledError, ServiceError } from '@prebake/kernel'
import { toServiceError } from './service-error.ts'

/**
 * Runs one request and words its failure.
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

/** What a catch makes of an expected refusal: `fallback` for one of these codes, and the error itself for any other. */
export function onErrorCode<T>(codes: readonly string[], fallback: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ServiceError && codes.includes(error.code)) return fallback
    throw error
  }
}

/** A field that AWS always sends but that the SDK's types leave open. @throws ServiceError when it is missing. */
export function requireField<T>(value: T | undefined, operation: string, field: string): T {
  if (value !== undefined) return value
  throw new ServiceError({ operation, code: 'IncompleteAnswer', message: `the answer has no ${field}.` })
}

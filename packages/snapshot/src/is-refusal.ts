import { ServiceError } from '@prebake/kernel'

/** Whether AWS has refused a call because no policy allows it, or one forbids it. */
export function isRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && /^(UnauthorizedOperation|AccessDenied|AccessDeniedException)$/.test(error.code)
}

import { ServiceError } from '@prebake/kernel'
import { refusedAddress } from './address-policy.ts'
import type { HttpErrorCode } from './error-codes.ts'
import type { Reply } from './reply.ts'

/**
 * Where a redirect leads, as an absolute URL; undefined for every other response.
 * @throws ServiceError for a redirect that must not be followed
 */
export function redirectOf(reply: Reply, operation: string): URL | undefined {
  const location = reply.headers.get('location')
  if (![301, 302, 303, 307, 308].includes(reply.status) || !location) return undefined
  const to = URL.parse(location, reply.url.href)
  if (to === null) throw badRedirect(reply, operation, 'its address is malformed')
  // A name and password in an address would become an Authorization header.
  ;[to.username, to.password] = ['', '']
  const refused = refusedAddress(to, reply.url)
  // Only the origin: a query is often a signature.
  if (refused !== undefined) throw badRedirect(reply, operation, `${to.origin} ${refused}`)
  return to
}

function badRedirect({ url, status }: Reply, operation: string, reason: string): ServiceError {
  const message = `${url.host} sent a redirect that cannot be followed: ${reason}.`
  return new ServiceError(
    { operation, code: 'BadRedirect', message, status },
    { code: 'redirect-refused' satisfies HttpErrorCode, hint: `Report this to the operator of ${url.host}, or use another host.` },
  )
}

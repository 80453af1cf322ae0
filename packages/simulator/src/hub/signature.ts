import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SimulatedClock } from '../core/world.ts'

/** How long a signed address is good for, in simulated seconds (the real hub's policy says 3600). */
export const lifetimeSeconds = 3600

export interface Signer {
  /** The query that makes `path` readable for an hour. */
  sign(path: string): URLSearchParams
  /** Whether the query was made for this path and has not expired. */
  accepts(path: string, query: URLSearchParams): boolean
}

/** Signs as a content network does: whoever has the address may read, from anywhere, until it expires. */
export function createSigner(clock: SimulatedClock): Signer {
  const secret = randomBytes(32)
  const signature = (path: string, expires: string) => createHmac('sha256', secret).update(`${path}\n${expires}`).digest()
  return {
    sign(path) {
      const expires = String(Math.floor(clock.now().getTime() / 1000) + lifetimeSeconds)
      return new URLSearchParams({
        Expires: expires,
        Signature: signature(path, expires).toString('base64url'),
        'Key-Pair-Id': 'K2SIMULATED',
      })
    },
    accepts(path, query) {
      const expires = query.get('Expires') ?? ''
      const given = Buffer.from(query.get('Signature') ?? '', 'base64url')
      const wanted = signature(path, expires)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false
      return clock.now().getTime() < Number(expires) * 1000
    },
  }
}

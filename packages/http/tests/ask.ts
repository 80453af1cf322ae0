import type { Clock } from '@prebake/kernel'
import { networkTransport, request, type Reply, type RequestOptions } from '../src/index.ts'

/** A request of a test: over the network, without a proxy, and with pauses that take no time and are remembered. */
export function ask(
  url: string,
  options: Partial<RequestOptions> = {},
): { readonly reply: Promise<Reply>; readonly pauses: readonly number[] } {
  const pauses: number[] = []
  const clock: Clock = {
    now: () => new Date('2026-11-29T12:00:00Z'),
    sleep: async (ms) => void pauses.push(ms / 1000),
  }
  const { signal } = new AbortController()
  const reply = request(new URL(url), { transport: networkTransport({}), clock, signal, operation: 'Asking', ...options })
  return { reply, pauses }
}

export const textOf = ({ body }: Reply) => new TextDecoder().decode(body)

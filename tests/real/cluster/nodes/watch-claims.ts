import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, ApiObject } from '../parts/api.ts'

/** A NodeClaim of Karpenter's whose instance has been launched. */
export interface NodeClaim extends ApiObject {
  readonly spec: { readonly taints?: readonly object[]; readonly startupTaints?: readonly object[] }
  readonly status?: {
    readonly providerID?: string
    readonly capacity?: Readonly<Record<string, string>>
    readonly allocatable?: Readonly<Record<string, string>>
  }
}

/** The EC2 instance of a provider ID, `aws:///us-west-2a/i-0123`. */
export function instanceOf(providerId: string): string {
  return /[^/]+$/.exec(providerId)?.[0] ?? ''
}

/** Looks for launched NodeClaims four times a second, and hands each on once. */
export function watchClaims(api: Api, onLaunch: (claim: NodeClaim, providerId: string) => Promise<void>): { stop(): Promise<void> } {
  const end = new AbortController()
  const known = new Set<string>()
  const launching = new Set<Promise<void>>()
  const tell = (error: unknown) => {
    // The API server may be starting, or ending with the test.
    if (!end.signal.aborted) console.error(`Register nodes: ${String(error)}`)
  }

  async function look(): Promise<void> {
    for (const claim of await api.list<NodeClaim>('/apis/karpenter.sh/v1/nodeclaims')) {
      const providerId = claim.status?.providerID ?? ''
      if (providerId === '' || known.has(providerId) || claim.metadata.deletionTimestamp !== undefined) continue
      known.add(providerId)
      const launched: Promise<void> = onLaunch(claim, providerId)
        .catch(tell)
        .finally(() => launching.delete(launched))
      launching.add(launched)
    }
  }
  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      await look().catch(tell)
      await sleep(250, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async stop() {
      end.abort()
      await running
      await Promise.all(launching)
    },
  }
}

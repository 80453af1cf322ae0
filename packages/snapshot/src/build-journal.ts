import { InputError, ServiceError } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'
import type { BuildPorts } from './build-request.ts'

/** A launch that a build has started and not seen end. */
export interface BegunBuilder {
  readonly clientToken: string
  /** `bake` or `verify`. */
  readonly purpose: string
  /** When its dead-man switch has certainly fired, ISO 8601. */
  readonly ends: string
  /** Undefined until EC2 has answered. */
  readonly instanceId?: string
  /** A stopped instance has no timer any more. */
  readonly stopped?: boolean
}

/** The resources that a build creates, recorded before each step, so that the cleanup of a killed run knows what to look for. */
export interface BuildJournal {
  readonly builders: readonly BegunBuilder[]
  /** Present once a snapshot was requested; with its ID once EBS has answered. */
  readonly snapshot?: { readonly snapshotId?: string }
}

export const emptyJournal: BuildJournal = { builders: [] }

type Recorded = Pick<BuildPorts, 'builders' | 'snapshots'>

/** The same ports, recording each resource before requesting it, and removing it once it has certainly ended. */
export function keepJournal({ builders, snapshots }: Recorded, save: (journal: BuildJournal) => void): Recorded {
  let journal = emptyJournal
  const write = (change: Partial<BuildJournal>) => save((journal = { ...journal, ...change }))
  const others = (clientToken: string) => journal.builders.filter((builder) => builder.clientToken !== clientToken)
  const of = (instanceId: string) => journal.builders.find((builder) => builder.instanceId === instanceId)
  /** EC2 does not know an instance in its first seconds: terminating one that it has not listed proves nothing. */
  const shown = new Set<string>()

  return {
    builders: {
      ...builders,
      async launch(spec, signal) {
        const { clientToken, tags } = spec
        const begun = { clientToken, purpose: tags[tagKeys.purpose] ?? '', ends: tags[tagKeys.ends] ?? '' }
        write({ builders: [...others(clientToken), begun] })
        try {
          const launched = await builders.launch(spec, signal)
          const isOver = launched.state === 'terminated' || launched.state === 'shutting-down'
          write({ builders: [...others(clientToken), ...(isOver ? [] : [{ ...begun, instanceId: launched.instanceId }])] })
          return launched
        } catch (error) {
          if (isFinal(error)) write({ builders: others(clientToken) })
          throw error
        }
      },
      async get(instanceId, signal) {
        const seen = await builders.get(instanceId, signal)
        if (seen !== undefined) shown.add(instanceId)
        return seen
      },
      async stop(instanceId, signal) {
        await builders.stop(instanceId, signal)
        const builder = of(instanceId)
        if (builder !== undefined) write({ builders: [...others(builder.clientToken), { ...builder, stopped: true }] })
      },
      async terminate(instanceId, signal) {
        await builders.terminate(instanceId, signal)
        const builder = of(instanceId)
        if (builder !== undefined && shown.has(instanceId)) write({ builders: others(builder.clientToken) })
      },
    },
    snapshots: {
      ...snapshots,
      async create(volumeId, description, tags, signal) {
        write({ snapshot: {} })
        const made = await snapshots.create(volumeId, description, tags, signal)
        write({ snapshot: { snapshotId: made.snapshotId } })
        return made
      },
    },
  }
}

/** Whether EC2 has certainly launched nothing: it responded, and not with a fault. Missing capacity has the status 500. */
function isFinal(error: unknown): boolean {
  const refusal = error instanceof InputError ? error.cause : error
  if (!(refusal instanceof ServiceError) || refusal.status === undefined) return false
  return refusal.status < 500 || refusal.code.startsWith('Insufficient')
}

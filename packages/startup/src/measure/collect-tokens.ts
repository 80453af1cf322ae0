import type { Observation } from '../ports/workload.ts'
import { trueCondition, type History, type PodObject } from '../timeline/observed-objects.ts'
import { askFirstTokens, type SeenTokens } from './first-tokens.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { ScaleRequest } from './measurement.ts'

export interface TokenCollector {
  /** Asks a new pod as soon as its news says that it is Ready. */
  readonly onSeen: (observation: Observation) => void
  /** From here on, pods that are not among these are new. */
  readonly begin: (before: ReadonlySet<string>) => void
  /** Waits for the answers. @returns them by pod; undefined where none was asked for */
  readonly finish: (created: readonly History<PodObject>[]) => Promise<Readonly<Record<string, SeenTokens>> | undefined>
}

/** Measures the first tokens of each new pod while the others still start. */
export function collectTokens({ prompt }: ScaleRequest, { completions }: MeasurePorts, signal: AbortSignal): TokenCollector {
  const asked = new Map<string, Promise<SeenTokens>>()
  let old: ReadonlySet<string> | undefined
  return {
    onSeen({ kind, object }) {
      const pod = object as PodObject
      const { uid } = pod.metadata
      if (kind !== 'Pod' || prompt === undefined || completions === undefined) return
      if (old === undefined || old.has(uid) || asked.has(uid) || trueCondition(pod.status?.conditions, 'Ready') === undefined) return
      const answer = askFirstTokens(pod, prompt, completions, signal)
      // A cancel ends the measurement itself, which reports it.
      answer.catch(() => undefined)
      asked.set(uid, answer)
    },
    begin: (before) => void (old = before),
    async finish(created) {
      if (prompt === undefined || completions === undefined) return undefined
      const answers = created.map(async ({ latest: { metadata } }): Promise<[string, SeenTokens]> => [
        metadata.name,
        (await asked.get(metadata.uid)) ?? { notMeasured: 'the pod was never Ready' },
      ])
      return Object.fromEntries(await Promise.all(answers))
    },
  }
}

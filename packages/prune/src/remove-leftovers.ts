import { tagKeys } from '@prebake/snapshot-record'
import type { Attempt } from './attempt.ts'
import type { OwnResources } from './ports/own-resources.ts'

export interface Leftover {
  readonly id: string
  readonly words: string
}

/**
 * Ends what lost runs left behind, by its own tags: builders and loose volumes whose time is over. Nothing else has the tags, and each says itself when
 * it has outlived its run.
 * @returns what was ended
 */
export async function removeLeftovers(own: OwnResources, now: Date, attempt: Attempt, signal: AbortSignal): Promise<readonly Leftover[]> {
  const removed: Leftover[] = []
  for (const { instanceId, tags } of await own.builders(signal)) {
    if (!isExpired(tags, now)) continue
    const done = await attempt(`Terminate ${instanceId}`, () => own.terminateBuilder(instanceId, signal))
    if (done) removed.push({ id: instanceId, words: `builder of run ${tags[tagKeys.run]}, whose time ended at ${tags[tagKeys.ends]}` })
  }
  for (const { volumeId, sizeGiB, tags } of await own.looseVolumes(signal)) {
    if (!isExpired(tags, now)) continue
    const done = await attempt(`Delete ${volumeId}`, () => own.deleteVolume(volumeId, signal))
    if (done)
      removed.push({
        id: volumeId,
        words: `volume of ${sizeGiB} GiB of run ${tags[tagKeys.run]}, whose time ended at ${tags[tagKeys.ends]}`,
      })
  }
  return removed
}

/** Whether a builder, or a volume of one, has certainly outlived its run. One without a time that can be read has not. */
export function isExpired(tags: Readonly<Record<string, string>>, now: Date): boolean {
  const isBuilders = tags[tagKeys.run] !== undefined && ['bake', 'verify'].includes(tags[tagKeys.purpose] ?? '')
  return isBuilders && Date.parse(tags[tagKeys.ends] ?? '') < now.getTime()
}

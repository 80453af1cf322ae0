import type { CancelResult } from './cancel-matrix.ts'
import type { CrashResult } from './crash-matrix.ts'
import type { FaultResult } from './fault-matrix.ts'
import type { LostResult } from './lost-matrix.ts'
import type { SharedResult } from './shared-builds.ts'
import { markdownTable } from './print-table.ts'

export interface Report {
  readonly title: string
  readonly table: string
  /** The last line: what was run and what went wrong. */
  readonly closing: string
  readonly failures: number
}

export function reportCrashes(results: readonly CrashResult[]): Report {
  const rows = results.map(({ place, when, met, ended, leaks }) => [
    place.name,
    place.changes ? when : 'before = after',
    met ? ended.map(withoutIds).join(', ') || 'nothing was there' : 'not met in this run',
    leaks.join(', ') || 'nothing',
  ])
  const cases = results.filter(({ met }) => met)
  const leaking = results.filter(({ leaks }) => leaks.length > 0)
  return {
    title: 'Killed, then post',
    table: markdownTable(['request', 'killed', 'post', 'left'], rows),
    closing: `${cases.length} cases, ${leaking.length} leaks`,
    failures: leaking.length,
  }
}

export function reportLosses(results: readonly LostResult[]): Report {
  const met = results.filter((result) => result.met)
  const rows = met.map(({ place, when, endedBy, minutes, snapshot }) => [
    place.name,
    when,
    endedBy,
    endedBy === 'its own timer' ? `${minutes} min` : '',
    snapshot,
  ])
  const leaking = met.filter(({ endedBy }) => endedBy === 'nothing: it leaks')
  const count = (by: LostResult['endedBy']) => met.filter(({ endedBy }) => endedBy === by).length
  return {
    title: 'Killed, and post lost too',
    table: markdownTable(['request', 'killed', 'the builder was ended by', 'after', 'snapshot'], rows),
    closing: `${met.length} cases with post lost: ${count('its own timer')} ended by the builder's own timer, ${count('the next build')} by the next build, ${leaking.length} leaks`,
    failures: leaking.length,
  }
}

export function reportFaults(results: readonly FaultResult[]): Report {
  const rows = results.map(({ fault, where, outcome, remedy, left }) => [
    fault,
    where,
    withoutIds(outcome),
    shorten(withoutIds(remedy)),
    left.map(withoutIds).join(', ') || 'nothing',
  ])
  const broken = results.filter(({ wrong }) => wrong.length > 0)
  const succeeding = results.filter(({ words }) => words === undefined)
  return {
    title: 'Hit',
    table: markdownTable(['fault', 'request', 'the build', 'what to do', 'left after post'], rows),
    closing: `${results.length} cases: ${succeeding.length} must succeed, ${results.length - succeeding.length} must end and say why; ${broken.length} do not`,
    failures: broken.length,
  }
}

export function reportCancels(results: readonly CancelResult[]): Report {
  const met = results.filter((result) => result.met)
  const broken = met.filter(({ wrong }) => wrong.length > 0)
  const rows = met.map(({ place, when, ended, wrong }) => [
    place.name,
    when,
    ended.map(withoutIds).join(', ') || 'nothing was there',
    wrong.map(withoutIds).join(', ') || 'nothing',
  ])
  return {
    title: 'Cancelled, then post',
    table: markdownTable(['request', 'cancelled', 'post', 'left'], rows),
    closing: `${met.length} cases: the process ended within 5 s and post within 60 simulated seconds; ${broken.length} did not, or leaked`,
    failures: broken.length,
  }
}

export function reportShared(results: readonly SharedResult[]): Report {
  const broken = results.filter(({ wrong }) => wrong.length > 0)
  return {
    title: 'Builds of the same',
    table: markdownTable(
      ['builds', 'outcome'],
      results.map(({ what, outcome }) => [what, withoutIds(outcome)]),
    ),
    closing: `${results.length} cases, ${broken.length} with another outcome than one snapshot for all`,
    failures: broken.length,
  }
}

const shorten = (text: string) => (text.length > 160 ? `${text.slice(0, 160).replace(/\s+\S*$/, '')} …` : text)

/** IDs differ from run to run. */
export const withoutIds = (text: string) =>
  text.replace(/\b(i|snap|vol)-[0-9a-f]{17}\b/g, '$1-…').replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '…')

import { markdownTable } from '../print-table.ts'
import { withoutIds, type Report } from '../report.ts'
import type { RolloutFaultResult } from './rollout-faults.ts'
import type { Story } from './rollout-world.ts'
import type { Ending, StopResult } from './stop-matrix.ts'

const titles: Readonly<Record<Ending, string>> = {
  killed: 'A rollout that is killed, then post',
  cancelled: 'A rollout that is cancelled, then post',
  lost: 'A rollout that is killed, its post lost, and the next run',
  'lost, then a failure': 'A rollout that is killed, its post lost, and a next run that fails',
  'lost twice': 'A rollout that is killed, its post lost, a next run that is lost before it applies anything, and a verification',
}
const versions = { old: 'as before', new: 'the new version', half: 'half switched' } as const
const stories: Readonly<Record<Story, string>> = { serves: 'new pods serve', crashes: 'new pods crash' }

export function reportStops(ending: Ending, results: readonly StopResult[]): Report {
  const met = results.filter((result) => result.met)
  const broken = results.filter(({ wrong }) => wrong.length > 0)
  const rows = met.map(({ story, place, when, left, becomes, wrong }) => [
    stories[story],
    place.name,
    place.changes ? when : 'before = after',
    versions[left],
    versions[becomes],
    wrong.join(', ') || 'nothing',
  ])
  const second = ending === 'lost twice' ? 'after the verification' : ending.startsWith('lost') ? 'after the next run' : 'after post'
  return {
    title: titles[ending],
    table: markdownTable(['rollout', 'request', 'stopped', 'left', second, 'wrong'], rows),
    closing: `${met.length} cases: old pods served all the time, and nothing stayed paused or half switched; ${broken.length} do not hold`,
    failures: broken.length,
  }
}

export function reportRolloutFaults(results: readonly RolloutFaultResult[]): Report {
  const broken = results.filter(({ wrong }) => wrong.length > 0)
  const rows = results.map(({ story, fault, where, outcome, left }) => [
    stories[story],
    fault,
    where,
    withoutIds(outcome),
    left.join(', ') || 'nothing',
  ])
  const passing = results.filter(({ passes }) => passes)
  return {
    title: 'A rollout that meets faults',
    table: markdownTable(['rollout', 'fault', 'request', 'it ends', 'left after post'], rows),
    closing: `${results.length} cases: ${passing.length} must end as without the fault, ${results.length - passing.length} must say what is; ${broken.length} do not`,
    failures: broken.length,
  }
}

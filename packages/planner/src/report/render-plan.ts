import { pricesRead } from '@prebake/prices'
import type { Plan, PlannedSetting } from '../plan-startup.ts'
import type { Range } from '../range.ts'
import { describeSetting, type StartupSetup } from '../startup-setup.ts'

/** The plan as markdown: the answer first, then the phases, what each change would gain, and the money. */
export function renderPlan(plan: Plan): string {
  const { request, given, refused, steps, breakEven, search } = plan
  const { setup, targetSeconds } = request
  const shown = search?.cheapest ?? given
  return [
    '## Predicted start',
    '',
    `${setup.modelGB} GB of weights and an image of ${setup.imageGB} GB on ${setup.newNodes ? 'new' : 'running'} ${setup.instanceType} nodes, ${setup.replicas} at once. Predicted from published figures, not measured.`,
    '',
    ...(refused.length > 0 ? ['EBS would refuse the given setting:', ...refused.map((line) => `- ${line}`), ''] : []),
    ...answer(plan),
    `### Phases: ${describeSetting(shown.setting)}`,
    '',
    ...phaseTable(shown, setup),
    ...(shown === given
      ? []
      : ['The given setting would take ' + `${seconds(given.prediction.podSeconds)} s: ${describeSetting(given.setting)}.`, '']),
    ...shown.prediction.warnings.map((warning) => `- ${warning}`),
    ...(steps.length === 0
      ? []
      : [
          '### One change at a time, from the given setting',
          '',
          '| change | gains | a month |',
          '|---|---:|---:|',
          ...steps.map(
            ({ title, gainedSeconds, addedMonthly }) => `| ${title} | ${gainedSeconds.toFixed(1)} s | ${signed(addedMonthly)} |`,
          ),
          '',
        ]),
    '### Money',
    '',
    `${dollars(shown.costs.monthly)} a month at ${setup.startsPerDay} starts a day: ${dollars(shown.costs.fixedMonthly)} in any case; for each start ${dollars(shown.costs.perStart)} for its volume and ${dollars(shown.costs.waitPerStart)} for the instance that waits.`,
    '',
    breakEvenLine(breakEven),
    '',
    `List prices of us-east-1, read on ${pricesRead}.${targetSeconds === undefined ? ' Give `target-seconds` to search for the cheapest setting.' : ''}`,
    '',
  ].join('\n')
}

function answer({ request: { targetSeconds }, search }: Plan): readonly string[] {
  if (search === undefined) return []
  const { cheapest, fastest, missing, tried } = search
  if (cheapest !== undefined)
    return [
      `**The cheapest of ${tried} settings that is Ready within ${targetSeconds} s**: ${describeSetting(cheapest.setting)}. Expected: ${cheapest.prediction.allSeconds.expected.toFixed(0)} s for the last replica, ${dollars(cheapest.costs.monthly)} a month.`,
      '',
    ]
  const lines = missing.map((line) => `- ${line}`)
  return [
    `**None of ${tried} settings is Ready within ${targetSeconds} s.** The fastest takes ${fastest.prediction.allSeconds.expected.toFixed(0)} s: ${describeSetting(fastest.setting)}. What would have to change:`,
    '',
    ...lines,
    '',
  ]
}

function phaseTable({ prediction }: PlannedSetting, { replicas }: StartupSetup): readonly string[] {
  const row = (title: string, range: Range, limit: string) =>
    `| ${title} | ${range.expected.toFixed(1)} | ${range.best.toFixed(0)}–${range.worst.toFixed(0)} | ${limit} |`
  return [
    '| phase | seconds | range | limited by |',
    '|---|---:|---:|---|',
    ...prediction.phases.map(({ id, seconds: range, limit }) => row(id, range, limit)),
    row('**pod created → Ready**', prediction.podSeconds, ''),
    row('container started → Ready', prediction.containerSeconds, ''),
    ...(replicas > 1 ? [row(`last of ${replicas}`, prediction.allSeconds, 'the slowest of them')] : []),
    '',
  ]
}

function breakEvenLine({ downloadSeconds, savedDollarsPerStart, startsPerMonth, days }: Plan['breakEven']): string {
  const download = `A start that downloads everything would take ${downloadSeconds.toFixed(0)} s`
  if (startsPerMonth === undefined) return `${download}; a start costs as much or less that way, so the setting pays in seconds only.`
  const pays = `each start saves ${dollars(savedDollarsPerStart)}, so ${Math.ceil(startsPerMonth)} starts a month pay for it`
  return `${download}; ${pays}${days === undefined ? '' : `: ${days.toFixed(1)} days of this month`}.`
}

const seconds = ({ best, expected, worst }: Range): string => `${expected.toFixed(0)} (${best.toFixed(0)}–${worst.toFixed(0)})`
const dollars = (amount: number): string => `${amount < 0 ? '-' : ''}$${Math.abs(amount).toFixed(2)}`
const signed = (amount: number): string => `${amount >= 0 ? '+' : ''}${dollars(amount)}`

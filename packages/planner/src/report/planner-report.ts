import { pricesRead } from '@prebake/prices'
import type { Plan, PlannedSetting } from '../plan-startup.ts'
import type { Range } from '../range.ts'
import { describeSetting } from '../startup-setup.ts'

const round = (value: number, digits = 1): number => Number(value.toFixed(digits))
const rounded = ({ best, expected, worst }: Range): Range => ({ best: round(best), expected: round(expected), worst: round(worst) })

/** The plan as JSON, for the next step of a workflow and for scale-benchmark, which shows it beside what it measures. */
export function plannerReport(plan: Plan) {
  const { request, given, refused, steps, breakEven, search } = plan
  return {
    version: 1,
    pricesRead,
    setup: request.setup,
    targetSeconds: request.targetSeconds ?? null,
    given: presented(given),
    refused,
    steps: steps.map(({ title, gainedSeconds, addedMonthly }) => ({
      title,
      gainedSeconds: round(gainedSeconds),
      addedDollarsPerMonth: round(addedMonthly, 2),
    })),
    breakEven: {
      downloadSeconds: round(breakEven.downloadSeconds),
      savedSecondsPerStart: round(breakEven.savedSecondsPerStart),
      savedDollarsPerStart: round(breakEven.savedDollarsPerStart, 4),
      startsPerMonth: breakEven.startsPerMonth === undefined ? null : round(breakEven.startsPerMonth),
      days: breakEven.days === undefined ? null : round(breakEven.days),
    },
    search:
      search === undefined
        ? null
        : {
            settingsTried: search.tried,
            cheapest: search.cheapest === undefined ? null : presented(search.cheapest),
            fastest: presented(search.fastest),
            missing: search.missing,
          },
  }
}

export type PlannerReport = ReturnType<typeof plannerReport>

function presented({ setting, prediction, costs }: PlannedSetting) {
  return {
    setting,
    words: describeSetting(setting),
    phases: prediction.phases.map(({ id, seconds, limit }) => ({ id, seconds: rounded(seconds), limit })),
    podSeconds: rounded(prediction.podSeconds),
    containerSeconds: rounded(prediction.containerSeconds),
    allSeconds: rounded(prediction.allSeconds),
    warnings: prediction.warnings,
    dollars: {
      perMonth: round(costs.monthly, 2),
      fixedPerMonth: round(costs.fixedMonthly, 2),
      perStart: round(costs.perStart, 4),
      waitPerStart: round(costs.waitPerStart, 4),
    },
  }
}

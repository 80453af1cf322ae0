import { readInputs, setOutputs, writeJsonFile, type ActionContext } from '@prebake/action-kit'
import { findContent } from './find-content.ts'
import { inputs, outputs } from './inputs.ts'
import { planPrices, settingOf, setupOf } from './setup-of.ts'

/** Reads the inputs, predicts the start, searches for the cheapest setting that meets the target, and hands it on. */
export async function main({ env, signal, reporter }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { planStartup, plannerReport, renderPlan } = await import('@prebake/planner')
  const { modelGB, bake, isBaked } = await findContent(given, signal)
  const setup = setupOf(given, modelGB)
  reporter.info(`Plan the start of ${setup.modelGB.toFixed(1)} GB of weights on ${setup.instanceType}`)
  const setting = settingOf({ ...given, bake })
  const plan = planStartup({ setup, setting, targetSeconds: given.targetSeconds, prices: planPrices(given), isBaked })

  const { prediction } = plan.given
  const chosen = plan.search?.cheapest ?? plan.given
  const { hydration } = chosen.setting
  const longest = prediction.phases.toSorted((a, b) => b.seconds.expected - a.seconds.expected)[0]
  setOutputs(outputs, {
    'predicted-seconds': prediction.podSeconds.expected.toFixed(1),
    'all-ready-seconds': prediction.allSeconds.expected.toFixed(1),
    'limited-by': `${longest?.id}: ${longest?.limit}`,
    met: plan.search === undefined ? '' : plan.search.cheapest !== undefined,
    'volume-throughput': chosen.setting.throughputMiBps,
    'volume-iops': chosen.setting.iops,
    'volume-initialization-rate': hydration.kind === 'rate' ? hydration.mibps : '',
    bake: chosen.setting.bake,
    'dollars-per-month': chosen.costs.monthly.toFixed(2),
    'break-even-days': plan.breakEven.days?.toFixed(1) ?? '',
    report: writeJsonFile('prebake-plan.json', plannerReport(plan), env),
  })
  const { best, expected, worst } = prediction.podSeconds
  reporter.info(`Pod created → Ready: ${expected.toFixed(0)} s expected (${best.toFixed(0)} to ${worst.toFixed(0)})`)
  if (plan.search !== undefined && plan.search.cheapest === undefined)
    reporter.warning(`No setting is Ready within ${given.targetSeconds} s: ${plan.search.missing.join('; ')}.`)
  reporter.summary(renderPlan(plan))
}

/** `pnpm plan`: predicts a start, and finds the cheapest setting that meets a target. */
import { findContent } from '@prebake/plan-startup/find-content'
import { inputs } from '@prebake/plan-startup/inputs'
import { planPrices, settingOf, setupOf } from '@prebake/plan-startup/setup-of'
import { planStartup, renderPlan } from '@prebake/planner'
import { runActionProgram } from './src/run/run-action-program.ts'

await runActionProgram({
  name: 'plan',
  about: 'Predicts how long a pod takes from its creation to Ready, and with --target-seconds finds the cheapest setting that meets it.',
  inputs,
  async work(given, { reporter }, signal) {
    const { modelGB, bake, isBaked } = await findContent(given, signal)
    const setup = setupOf(given, modelGB)
    const setting = settingOf({ ...given, bake })
    const prices = planPrices(given)
    reporter.summary(renderPlan(planStartup({ setup, setting, targetSeconds: given.targetSeconds, prices, isBaked })))
  },
})

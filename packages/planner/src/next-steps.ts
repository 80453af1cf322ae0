import type { Prices } from '@prebake/prices'
import { costsOf } from './costs.ts'
import { limitsOf } from './limits.ts'
import { expectedSeconds } from './predict-start.ts'
import type { Setting, StartupSetup } from './startup-setup.ts'

export interface NextStep {
  readonly title: string
  /** Positive: the start is so much quicker. */
  readonly gainedSeconds: number
  /** Positive: it costs so much more a month. */
  readonly addedMonthly: number
}

/** What one change at a time would gain and cost, the most seconds first. Changes that EBS refuses, or that gain less than half a second, are left out. */
export function nextSteps(setup: StartupSetup, setting: Setting, prices: Prices): readonly NextStep[] {
  const value = (one: StartupSetup, other: Setting) => {
    const seconds = expectedSeconds(one, other)
    return { seconds, monthly: costsOf(one, other, seconds, prices).monthly }
  }
  const now = value(setup, setting)
  return changesOf(setup, setting)
    .filter((change) => limitsOf(change.setup ?? setup, change.setting ?? setting).refused.length === 0)
    .map((change): NextStep => {
      const then = value(change.setup ?? setup, change.setting ?? setting)
      return { title: change.title, gainedSeconds: now.seconds - then.seconds, addedMonthly: then.monthly - now.monthly }
    })
    .filter(({ gainedSeconds }) => gainedSeconds >= 0.5)
    .toSorted((a, b) => b.gainedSeconds - a.gainedSeconds)
}

interface Change {
  readonly title: string
  readonly setting?: Setting
  readonly setup?: StartupSetup
}

function changesOf(setup: StartupSetup, setting: Setting): readonly Change[] {
  const { hydration, throughputMiBps, iops } = setting
  const more = Math.min(1000, throughputMiBps + 250)
  const change = (title: string, changes: Partial<Setting>): Change => ({ title, setting: { ...setting, ...changes } })
  return [
    change(`throughput ${more} MiB/s`, { throughputMiBps: more, iops: Math.max(iops, more * 4) }),
    change(`IOPS ${iops + 1000}`, { iops: iops + 1000 }),
    ...(hydration.kind === 'rate' && hydration.mibps === 300
      ? []
      : [change('volumeInitializationRate 300', { hydration: { kind: 'rate', mibps: 300 } })]),
    ...(hydration.kind === 'fast-restore' ? [] : [change('Fast Snapshot Restore', { hydration: { kind: 'fast-restore' } })]),
    ...(['both', 'model', 'image'] as const).filter((bake) => bake !== setting.bake).map((bake) => change(`bake: ${bake}`, { bake })),
    ...(setting.pull === 'soci' ? [] : [change('SOCI parallel pull', { pull: 'soci' })]),
    ...(setting.loader === 'stream'
      ? []
      : [change('weights read in large blocks (`--safetensors-load-strategy prefetch`)', { loader: 'stream' })]),
    ...(setup.compileCache ? [] : [{ title: 'a compile cache on the node (`VLLM_CACHE_ROOT`)', setup: { ...setup, compileCache: true } }]),
    ...(setup.probePeriodSeconds > 2 || setup.probeInitialDelaySeconds > 0
      ? [
          {
            title: 'startupProbe every 2 s without initialDelaySeconds',
            setup: { ...setup, probePeriodSeconds: 2, probeInitialDelaySeconds: 0 },
          },
        ]
      : []),
    ...(setup.newNodes ? [{ title: 'a node that is already there', setup: { ...setup, newNodes: false } }] : []),
  ]
}

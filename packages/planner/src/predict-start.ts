import { coefficients } from './coefficients.ts'
import { limitsOf, restoreCredits } from './limits.ts'
import { cases, type Case, type Range } from './range.ts'
import { readTime, type Volume } from './read-time.ts'
import { bakesImage, bakesModel, type Setting, type StartupSetup } from './startup-setup.ts'

/** As scale-benchmark groups its phases. */
export type PhaseId =
  'schedule' | 'node' | 'sandbox' | 'image' | 'import' | 'weights' | 'compile' | 'profile' | 'graphs' | 'server' | 'probe'

export interface PhasePrediction {
  readonly id: PhaseId
  readonly seconds: Range
  /** What the expected seconds depend on. */
  readonly limit: string
}

export interface Prediction {
  readonly phases: readonly PhasePrediction[]
  /** Pod created → Ready. */
  readonly podSeconds: Range
  /** Container started → Ready. */
  readonly containerSeconds: Range
  /** The last of all replicas. */
  readonly allSeconds: Range
  readonly warnings: readonly string[]
}

/** One start, phase by phase, with its range. */
export function predictStart(setup: StartupSetup, setting: Setting): Prediction {
  const walks = { best: walk(setup, setting, 'best'), expected: walk(setup, setting, 'expected'), worst: walk(setup, setting, 'worst') }
  const phases = walks.expected.map(({ id, limit }, index): PhasePrediction => {
    const [best = 0, expected = 0, worst = 0] = cases.map((each) => walks[each][index]?.seconds)
    // A phase that begins later finds more of the volume filled, so that the worst case may be the quicker one.
    return { id, limit, seconds: { best: Math.min(best, expected), expected, worst: Math.max(worst, expected) } }
  })
  const sum = (ids: (id: PhaseId) => boolean): Range => {
    const total = (pick: Case) => walks[pick].reduce((seconds, phase) => seconds + (ids(phase.id) ? phase.seconds : 0), 0)
    return { best: total('best'), expected: total('expected'), worst: total('worst') }
  }
  const podSeconds = sum(() => true)
  return {
    phases,
    podSeconds,
    containerSeconds: sum((id) => !['schedule', 'node', 'sandbox', 'image'].includes(id)),
    allSeconds: lastOf(setup, setting, podSeconds),
    warnings: limitsOf(setup, setting).warnings,
  }
}

/** The expected seconds until all replicas are Ready, without the ranges of the phases: what a search compares. */
export function expectedSeconds(setup: StartupSetup, setting: Setting): number {
  const total = (pick: Case) => walk(setup, setting, pick).reduce((seconds, phase) => seconds + phase.seconds, 0)
  const expected = total('expected')
  return lastOf(setup, setting, { best: expected, expected, worst: setup.replicas > 1 ? total('worst') : expected }).expected
}

/**
 * The last of N starts at once is the maximum, not the mean: of N even draws between expectation and worst case, (N − 1) / (N + 1) of the way. Volumes beyond
 * the credits of Fast Snapshot Restore are restored lazily.
 */
function lastOf(setup: StartupSetup, setting: Setting, one: Range): Range {
  const { replicas, zones, volumeGiB } = setup
  const isBeyond = setting.hydration.kind === 'fast-restore' && Math.ceil(replicas / zones) > restoreCredits(volumeGiB)
  if (isBeyond && setup.newNodes) {
    const lazy = { ...setting, hydration: { kind: 'lazy' } as const }
    const total = (pick: Case) => walk(setup, lazy, pick).reduce((seconds, phase) => seconds + phase.seconds, 0)
    return lastOf(setup, lazy, { best: total('best'), expected: total('expected'), worst: total('worst') })
  }
  const share = (replicas - 1) / (replicas + 1)
  return { best: one.best, expected: one.expected + (one.worst - one.expected) * share, worst: one.worst }
}

interface Step {
  readonly id: PhaseId
  readonly seconds: number
  readonly limit: string
}

/** A start in one of the three cases: each phase begins where the one before it ended, and the volume fills meanwhile. */
function walk(setup: StartupSetup, setting: Setting, pick: Case): readonly Step[] {
  const steps: Step[] = []
  let at = 0
  const add = (id: PhaseId, seconds: number, limit: string) => {
    steps.push({ id, seconds, limit })
    at += seconds
  }
  const cpu = setup.cpuFactor[pick]
  const onCpu = `${setup.instanceType}'s CPU, ${cpu.toFixed(1)} times the reference`
  const unpackedGB = setup.imageGB * coefficients.unpacked.expected

  add('schedule', setup.newNodes ? coefficients.schedule[pick] : 0.2, 'Karpenter')
  const volume: Volume = {
    setting,
    setup,
    filledFrom: setup.newNodes ? at + coefficients.launch[pick] : undefined,
    snapshotGB: (bakesModel(setting) ? setup.modelGB : 0) + (bakesImage(setting) ? setup.imageGB + unpackedGB : 0),
  }
  add('node', setup.newNodes ? coefficients.launch[pick] + coefficients.node[pick] : 0, 'EC2 and Bottlerocket')
  add('sandbox', coefficients.sandbox[pick], 'kubelet')
  const pulls = setup.newNodes && !bakesImage(setting)
  const write = (unpackedGB * 1000) / Math.min((setting.throughputMiBps * 2 ** 20) / 1e6, setup.ebsMBps)
  const pull = (setting.pull === 'soci' ? coefficients.sociPerGB : coefficients.pullPerGB)[pick] * setup.imageGB
  add('image', pulls ? Math.max(pull, write) : 0, pulls ? (pull > write ? 'the pull' : 'writing the unpacked image') : 'already there')
  const containerStart = at

  const readsImage = setup.newNodes && bakesImage(setting)
  const pages = readsImage ? readTime(volume, coefficients.imageTouchedGB[pick], at, 'mmap', pick) : { seconds: 0, limit: '' }
  const bootstrap = coefficients.bootstrap[pick] * cpu
  add('import', bootstrap + pages.seconds, pages.seconds > bootstrap ? `pages of the image: ${pages.limit}` : onCpu)

  const weights = readWeights(volume, at, pick)
  const copy = coefficients.loadPerBillion[pick] * setup.parametersBillions
  add('weights', Math.max(weights.seconds, copy), weights.seconds > copy ? weights.limit : 'the copy to the GPU')

  const miss = setup.compileCache ? 0 : coefficients.compileMiss[pick]
  add('compile', (coefficients.compileHit[pick] + miss) * cpu, setup.compileCache ? onCpu : 'no compile cache')
  add('profile', (setup.compileCache ? coefficients.profileHit : coefficients.profileMiss)[pick] * cpu, onCpu)
  add('graphs', coefficients.graphs[pick] * cpu, 'the GPU and the number of sizes')
  add('server', coefficients.server[pick] * cpu, onCpu)
  const floor = Math.max(0, setup.probeInitialDelaySeconds - (at - containerStart))
  const slack = { best: 0, expected: 0.5, worst: 1 }[pick] * setup.probePeriodSeconds
  add('probe', floor + slack, floor > 0 ? 'initialDelaySeconds' : 'periodSeconds')
  return steps
}

/** The weights, from the volume or, where they are not baked, from the hub. On a node that is there they are in the page cache. */
function readWeights(volume: Volume, at: number, pick: Case): { readonly seconds: number; readonly limit: string } {
  const { setup, setting } = volume
  if (!bakesModel(setting)) return { seconds: (setup.modelGB * 1000) / coefficients.hubMBps[pick], limit: 'the download from the hub' }
  if (!setup.newNodes) return { seconds: 0, limit: '' }
  return readTime(volume, setup.modelGB, at, setting.loader, pick)
}

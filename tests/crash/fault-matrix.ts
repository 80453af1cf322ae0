import type { PhaseResult } from '@prebake/action-kit/testing'
import { injectEachOnce, injectFrom, type FaultCase } from './fault-case.ts'
import { wordsFor, type Failure } from './faults.ts'
import type { Place } from './name-requests.ts'
import { complaint, errorCode, fullRate, leaks, openWorld, remedy } from './open-world.ts'
import { runCases, unlessSlower } from './run-cases.ts'
import { specialFaults } from './special-faults.ts'

export interface FaultResult extends FaultCase {
  /** `succeeds`, or how it ends. */
  readonly outcome: string
  readonly remedy: string
  readonly left: readonly string[]
  /** What is not as it must be; empty for a case that holds. */
  readonly wrong: readonly string[]
}

/** Twice the slowest build, in real seconds: what has not ended by then does not end. */
const limitMs = 240_000

/** The client waits for real: at this rate, its pauses and its limit for an answer are in a user's proportion to the waits of a build. */
const slow = { rate: Math.min(30, fullRate), environment: { PREBAKE_REQUEST_TIMEOUT_MS: '1500' } }

const passing: readonly Failure[] = ['hang', 'throttling', '500', '503', 'reset']
const lostAnswers: readonly Failure[] = ['hang, after it took effect', 'reset, after it took effect']

/** A builder that only cannot be ended is no reason to lose the snapshot; that a type has the right processors, EC2 checks at the launch. */
const isBearable = (failure: '500' | 'denied', operation: string) =>
  failure === '500' ? operation === 'TerminateInstances' : operation === 'DescribeInstanceTypes'

/** All cases: what passes is injected once, everywhere; what lasts, from one place on. */
export function faultCases(places: readonly Place[]): readonly FaultCase[] {
  const changing = places.filter(({ changes }) => changes)
  const once = (failure: Failure, where: string, places: readonly Place[]): FaultCase => ({
    fault: `${failure}, once`,
    where,
    ...slow,
    inject: () => injectEachOnce(failure, places),
  })
  const lasting = (failure: '500' | 'denied', { name, operation }: Place): FaultCase => ({
    fault: failure === 'denied' ? 'denied' : `${failure}, always`,
    where: name,
    inject: () => injectFrom(name, failure),
    ...(isBearable(failure, operation) ? {} : { words: wordsFor(failure, operation) }),
  })
  // Each further look at one thing meets what the first one met.
  const distinct = places.filter(({ name }) => !name.endsWith(', later'))
  const first = (operation: string) => distinct.filter((place) => place.operation === operation).slice(0, 1)
  const outages = [
    'GetParameter',
    'RunInstances',
    'DescribeInstances',
    'SendCommand',
    'StopInstances',
    'CreateSnapshot',
    'TerminateInstances',
    'CreateTags',
  ]
  return [
    ...passing.map((failure) => once(failure, 'every request of the build', places)),
    ...lostAnswers.map((failure) => once(failure, 'every request that changes something', changing)),
    ...distinct.map((place) => lasting('denied', place)),
    ...outages.flatMap(first).map((place) => lasting('500', place)),
    ...specialFaults,
  ]
}

/** Injects faults into builds, lets `post` run under the same faults, and looks at what they say and leave. */
export function faultMatrix(cases: readonly FaultCase[]): Promise<FaultResult[]> {
  return runCases(cases, (fault) => unlessSlower(`${fault.fault}, ${fault.where}`, (rate) => buildWithFault(fault, rate), fault.rate))
}

async function buildWithFault(fault: FaultCase, rate: number): Promise<FaultResult> {
  const { plan, missed } = fault.inject(() => world.simulator)
  const world = await openWorld({ rate, faults: plan })
  let outOfTime = false
  let timer: NodeJS.Timeout | undefined
  const onStart = (pid: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      outOfTime = true
      process.kill(pid, 'SIGKILL')
    }, limitMs)
  }
  try {
    const { main, post } = await world.build({ inputs: fault.inputs ?? {}, environment: fault.environment ?? {}, onStart })
    const cleaned = await post?.()
    const left = await leaks(world.simulator)
    const log = [...main.lines, ...(cleaned?.lines ?? [])].join('\n')
    const wrong = [
      ...(outOfTime ? ['it does not end'] : []),
      ...missed().map((name) => `not hit: ${name}`),
      ...verdict(fault, main),
      ...(cleaned?.exitCode === 0 ? [] : ['post failed']),
      ...left.filter((what) => !log.includes(what.split(' ')[0] ?? '')).map((what) => `${what}, and no line says so`),
      // Only what AWS refuses to end or to show may be left.
      ...(left.length > 0 && !/^(denied|500, always)$/.test(fault.fault) ? left : []),
    ]
    const outcome = main.exitCode === 0 ? 'succeeds' : (complaint(main).split('\n')[0] ?? '')
    return { ...fault, outcome, remedy: main.exitCode === 0 ? '' : remedy(main), left, wrong }
  } finally {
    clearTimeout(timer)
    await world.close()
  }
}

function verdict({ words }: FaultCase, main: PhaseResult): string[] {
  if (words === undefined) return main.exitCode === 0 ? [] : [`it fails: ${complaint(main)}`]
  if (main.exitCode !== 1) return [`it ends with ${main.exitCode ?? main.signal}`]
  const said = [complaint(main), errorCode(main), remedy(main)].join('\n')
  const unsaid = words.filter((word) => (typeof word === 'string' ? !said.includes(word) : !word.test(said)))
  return unsaid.length === 0 ? [] : [`it does not say ${unsaid.join(', ')}, but: ${said}`]
}

import { findSnapshotContent, type SnapshotContent } from '@prebake/plan-startup/find-content'
import { setupOf, usualImageGb, type GivenPlan } from '@prebake/plan-startup/setup-of'
import { messageOf } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import type { PredictedStart, Report } from '@prebake/startup'
import type { BenchmarkInputs } from './inputs.ts'
import { serverSettingsOf } from './server-settings-of.ts'

export interface PredictionRequest {
  /** Of the candidate. */
  readonly runs: readonly Report[]
  /** Of the candidate; empty where the Deployment itself was scaled. */
  readonly manifests: readonly Manifest[]
  readonly given: Pick<BenchmarkInputs, 'snapshotId' | 'awsRegion' | 'from' | 'to'>
}

type Unpredicted = { readonly notPredicted: string }
type KnownContent = SnapshotContent & { readonly assumed: readonly string[] }

export interface PredictedMeasurement {
  readonly predicted: PredictedStart | Unpredicted
  /** When the snapshot was begun, where that can be read. */
  readonly snapshotBegunAt?: Date
}

/**
 * What plan-startup's model says of the start that was measured: for the instance type that served, the volume of the manifests and what the snapshot's tags
 * say is on it. Nothing of it is taken from the seconds that were measured. A failure is why there is no prediction.
 */
export async function predictMeasured(request: PredictionRequest, signal: AbortSignal): Promise<PredictedMeasurement> {
  const content = await contentOf(request, signal)
  const conditions = conditionsOf(request)
  if ('notPredicted' in content) return { predicted: 'notPredicted' in conditions ? conditions : content }
  const { startedAt: snapshotBegunAt } = content
  const predicted = 'notPredicted' in conditions ? conditions : await predict(conditions, content, request)
  return { predicted, ...(snapshotBegunAt !== undefined && { snapshotBegunAt }) }
}

async function predict(
  { given, volume, instanceType, compileCache, newNodes, ready }: Exclude<ReturnType<typeof conditionsOf>, Unpredicted>,
  { modelGB, bake, assumed }: KnownContent,
  { manifests }: PredictionRequest,
): Promise<PredictedStart | Unpredicted> {
  const [{ describeSetting, learnCpuFactor, predictStart }, { measuredSeconds }] = await Promise.all([
    import('@prebake/planner'),
    import('@prebake/startup'),
  ])
  const isPulled = bake === 'none' || bake === 'model'
  const setup = setupOf({ ...plain, ...given, instanceType, compileCache, newNodes }, modelGB)
  if (setup.ebsMBps === 0) return { notPredicted: `${instanceType} is not in the planner's table of GPU types` }
  const rate = volume?.initializationRateMiBps
  const hydration = bake === 'none' || rate === undefined ? ({ kind: 'lazy' } as const) : ({ kind: 'rate', mibps: rate } as const)
  const { iops = 3000, throughputMiBps = 125 } = volume ?? {}
  const setting = { bake, pull: 'soci', hydration, iops, throughputMiBps, loader: serverSettingsOf(manifests).loader } as const
  const { phases, podSeconds, allSeconds, warnings } = predictStart(setup, setting)
  const alike = ready.filter((pod) => pod.compileCache === (compileCache ? 'hit' : 'miss'))
  // The imports of a fresh node wait for its volume, too.
  const inMemory = alike.filter(({ newNode, cacheHit }) => !newNode && cacheHit === true)
  const cpuPhases = {
    ...ifSeen('compile', measuredSeconds(alike, 'compile')),
    ...ifSeen('profile', measuredSeconds(alike, 'profile')),
    ...ifSeen('import', measuredSeconds(inMemory, 'import')),
  }
  const learned = learnCpuFactor(cpuPhases, compileCache)
  return {
    setting: describeSetting(setting),
    instanceType,
    podSeconds,
    allSeconds,
    phases,
    cpuFactor: { assumed: setup.cpuFactor.expected, ...(learned !== undefined && { learned: learned.expected }) },
    assumed: [
      ...assumed,
      `The image is taken as ${usualImageGb} GB compressed, the size of vLLM's own.`,
      ...(isPulled ? ['It is taken to be pulled in parallel (SOCI).'] : []),
      ...warnings.map((line) => `Mind: ${line}.`),
    ],
  }
}

const ifSeen = <K extends string>(name: K, seconds: number | undefined) =>
  (seconds === undefined ? {} : { [name]: seconds }) as Partial<Record<K, number>>

/** What the model wants to know and a benchmark does not depend on: the defaults of plan-startup. */
const plain: Omit<
  GivenPlan,
  'instanceType' | 'compileCache' | 'newNodes' | 'replicas' | 'zones' | 'probePeriodSeconds' | 'probeInitialDelaySeconds'
> = {
  ebsBandwidthMbps: undefined,
  cpuFactor: undefined,
  parametersBillions: undefined,
  imageGb: usualImageGb,
  bake: 'both',
  imagePull: 'soci',
  hydration: 'lazy',
  volumeSize: 150,
  volumeThroughput: 125,
  volumeIops: 3000,
  loader: 'mmap',
  startsPerDay: '0',
  nodeHours: '1',
  prices: {},
}

/** Under which conditions the pods started, or why no model fits them. */
function conditionsOf({ runs, manifests, given: { from, to } }: PredictionRequest) {
  const no = (notPredicted: string): Unpredicted => ({ notPredicted })
  const ready = runs.flatMap(({ pods }) => pods.filter((pod) => pod.ready))
  if (manifests.length === 0) return no('with `candidate: in-place` no manifests are read, which say what the volume and the probes are')
  if (ready.length === 0) return no('no pod became Ready')
  const types = [...new Set(ready.map((pod) => pod.instanceType ?? 'unknown'))]
  const [instanceType = 'unknown'] = types
  if (types.length > 1) return no(`the pods ran on ${types.join(' and ')}, and the model knows one type`)
  if (instanceType === 'unknown') return no('the type of the nodes is not known')
  const fresh = ready.filter(({ newNode }) => newNode).length
  if (fresh > 0 && fresh < ready.length) return no('some pods came on new nodes and some on nodes that were there')
  const zones = new Set(ready.flatMap(({ zone }) => zone ?? [])).size
  const { probePeriodSeconds, probeInitialDelaySeconds } = serverSettingsOf(manifests)
  const given = { replicas: to - from, zones: Math.max(1, zones), probePeriodSeconds, probeInitialDelaySeconds }
  const compileCache = ready.every((pod) => pod.compileCache === 'hit')
  return { given, ready, instanceType, compileCache, newNodes: fresh > 0, volume: runs[0]?.environment.volume }
}

/**
 * What lies in the snapshot, by its tags. The size of the weights is that of vLLM's log, since what a snapshot stores is known only together with its image;
 * where no log says it, it is what the snapshot stores less a usual image.
 */
async function contentOf(
  { runs, given: { snapshotId, awsRegion } }: PredictionRequest,
  signal: AbortSignal,
): Promise<KnownContent | Unpredicted> {
  const loaded = runs.flatMap(({ pods }) => pods.flatMap(({ weightsGiB }) => weightsGiB ?? []))[0]
  const logged = loaded === undefined ? undefined : (loaded * 2 ** 30) / 1e9
  const words = logged === undefined ? '' : `The weights are taken as ${logged.toFixed(1)} GB, by vLLM's log`
  if (snapshotId === undefined) {
    if (logged === undefined) return { notPredicted: 'the size of the weights is not known: there is no snapshot, and no log says it' }
    return { modelGB: logged, bake: 'none', assumed: [`${words}.`] }
  }
  try {
    const content = await findSnapshotContent({ snapshotId, imageGb: usualImageGb, awsRegion }, signal)
    if (logged !== undefined) return { ...content, modelGB: logged, assumed: [`${words}.`] }
    return { ...content, assumed: [`The weights are taken as ${content.modelGB.toFixed(1)} GB, what the snapshot stores less its image.`] }
  } catch (error) {
    if (signal.aborted) throw error
    const why = messageOf(error).replace(/\.$/, '')
    if (logged === undefined) return { notPredicted: `the size of the weights is not known: ${why}, and no log says it` }
    return { modelGB: logged, bake: 'both', assumed: [`${words}; the snapshot is taken to have model and image (${why}).`] }
  }
}

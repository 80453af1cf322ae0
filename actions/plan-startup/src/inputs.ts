import { boolean, choice, defineInputs, integer, keyValues, text, type Inputs } from '@prebake/action-kit'
import { nearestName, type Problem } from '@prebake/kernel'
import { limitsOf } from '@prebake/planner'
import { instanceTypeTable } from '@prebake/preflight'
import { judgePrices } from '@prebake/prices'
import type { PlanErrorCode } from './error-codes.ts'
import { settingOf, setupOf, storedPerImageGB, usualImageGb, type GivenPlan } from './setup-of.ts'

const number = { pattern: /^\d{1,6}(\.\d{1,4})?$/, words: 'a number such as `14.5`' }
const positive = { pattern: /^(?!0+(\.0+)?$)\d{1,6}(\.\d{1,4})?$/, words: 'a number above zero, such as `14.5`' }
const snapshot = { pattern: /^snap-[0-9a-f]{8,17}$/, words: 'a snapshot ID, such as `snap-0123456789abcdef0`' }
const instanceType = { pattern: /^[a-z0-9-]+\.[a-z0-9-]+$/, words: 'an instance type, such as `g6.2xlarge`' }
const hydration = { pattern: /^(lazy|fast-restore|[1-9]\d{1,2})$/, words: '`lazy`, `fast-restore` or a rate in MiB/s' }
const price = { pattern: /^[a-z0-9-]+$/, words: 'the name of a price' }

export const inputs = defineInputs(
  {
    'snapshot-id': text({ form: snapshot }),
    'aws-region': text(),
    'model-gb': text({ form: positive }),
    'parameters-billions': text({ form: positive }),
    'image-gb': text({ default: usualImageGb, form: number }),
    'instance-type': text({ default: 'g6.2xlarge', form: instanceType }),
    'ebs-bandwidth-mbps': integer({ min: 1, max: 1_000_000 }),
    'cpu-factor': text({ form: positive }),
    bake: choice(['both', 'model', 'image', 'none'], { default: 'both' }),
    'image-pull': choice(['soci', 'standard'], { default: 'soci' }),
    hydration: text({ default: '300', form: hydration }),
    'volume-size': integer({ default: 150, min: 1, max: 65_536, unit: 'GiB' }),
    'volume-throughput': integer({ default: 600, min: 1, unit: 'MiB/s' }),
    'volume-iops': integer({ default: 3000, min: 1 }),
    loader: choice(['mmap', 'stream'], { default: 'mmap' }),
    'compile-cache': boolean({ default: true }),
    'new-nodes': boolean({ default: true }),
    'probe-period-seconds': integer({ default: 2, min: 1, max: 3600 }),
    'probe-initial-delay-seconds': integer({ default: 0, max: 3600 }),
    'target-seconds': integer({ min: 1, max: 86_400 }),
    replicas: integer({ default: 1, min: 1, max: 1000 }),
    zones: integer({ default: 1, min: 1, max: 10 }),
    'starts-per-day': text({ default: '10', form: number }),
    'node-hours': text({ default: '4', form: positive }),
    prices: keyValues({ key: price, strict: true }),
  },
  { check: [judgeSize, judgeType, ({ prices }) => judgePrices(prices), judgeVolume, judgeRoom] },
)

export type PlanInputs = Inputs<typeof inputs>

export const outputs = [
  'predicted-seconds',
  'all-ready-seconds',
  'limited-by',
  'met',
  'volume-throughput',
  'volume-iops',
  'volume-initialization-rate',
  'bake',
  'dollars-per-month',
  'break-even-days',
  'report',
] as const

function judgeSize({
  modelGb,
  snapshotId,
}: {
  readonly modelGb: string | undefined
  readonly snapshotId: string | undefined
}): readonly Problem[] {
  if (modelGb !== undefined || snapshotId !== undefined) return []
  const code = 'plan-size-missing' satisfies PlanErrorCode
  return [{ code, input: 'model-gb', wrong: 'is missing.', remedy: 'Give the size of the weights, or `snapshot-id`.' }]
}

function judgeType({ instanceType: given, ebsBandwidthMbps }: Pick<GivenPlan, 'instanceType' | 'ebsBandwidthMbps'>): readonly Problem[] {
  const names = instanceTypeTable.map(({ name }) => name)
  if (ebsBandwidthMbps !== undefined || names.includes(given)) return []
  const nearest = nearestName(given, names)
  const remedy = `${nearest === undefined ? '' : `Did you mean \`${nearest}\`? `}Give \`ebs-bandwidth-mbps\` for a type that is not in the table.`
  const code = 'instance-type-not-known' satisfies PlanErrorCode
  return [{ code, input: 'instance-type', wrong: `\`${given}\` is not in the table of GPU types.`, remedy }]
}

/** What EBS would refuse of the volume; without a target nothing else would be planned. */
function judgeVolume(given: GivenPlan): readonly Problem[] {
  const code = 'plan-refused-by-ebs' satisfies PlanErrorCode
  const { refused } = limitsOf(setupOf(given, 1), settingOf(given))
  return refused.map((line) => ({ code, input: 'hydration', wrong: `${line}.`, remedy: 'Change `hydration`, `volume-…` or `replicas`.' }))
}

/** The image is on the volume in any case, baked or pulled; the weights where they are baked. */
function judgeRoom({
  modelGb,
  imageGb,
  bake,
  volumeSize,
}: Pick<GivenPlan, 'imageGb' | 'bake' | 'volumeSize'> & { readonly modelGb: string | undefined }) {
  const weights = bake === 'both' || bake === 'model' ? Number(modelGb ?? 0) : 0
  const neededGiB = Math.ceil(((weights + Number(imageGb) * storedPerImageGB) * 1e9) / 2 ** 30)
  const code = 'plan-volume-too-small' satisfies PlanErrorCode
  const wrong = `${volumeSize} GiB are less than the ${neededGiB} GiB of the image, packed and unpacked, and of the weights that are baked.`
  return neededGiB > volumeSize
    ? [{ code, input: 'volume-size', wrong, remedy: `Give at least ${neededGiB}, and room for logs and caches.` }]
    : []
}

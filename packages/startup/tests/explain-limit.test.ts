import { expect, test } from '@jest/globals'
import { explainLimit } from '../src/compare/explain-limit.ts'
import type { DataVolume, Environment } from '../src/report/report.ts'
import type { PhaseId } from '../src/timeline/phases.ts'
import type { Timeline } from '../src/timeline/timeline.ts'

const environment: Environment = { deployment: 'vllm', namespace: 'default', from: 1, to: 2, image: 'vllm', instanceTypes: [] }
const pod = { newNode: true, cacheHit: true, compileCache: undefined } as unknown as Timeline
const baked: DataVolume = { fromSnapshot: true, throughputMiBps: 600, initializationRateMiBps: 300 }
const explain = (phase: PhaseId, seconds: number, more: Partial<Timeline> = {}, volume?: DataVolume) =>
  explainLimit(phase, 'meaning', { ...pod, ...more }, seconds, { ...environment, ...(volume && { volume }) })

test.each<[string, ReturnType<typeof explain>, RegExp, RegExp]>([
  ['capacity', explain('nodeclaim.launch', 90), /EC2 had to find capacity/, /more instance types/],
  ['boot', explain('ec2.boot', 40), /boot/, /keep a node ready/],
  ['image', explain('image', 170, { cacheHit: false }), /pulled and unpacked/, /bake: both/],
  [
    'imports off a filling volume',
    explain('python.import', 30, {}, baked),
    /still filling it .* lag by five minutes/,
    /Fast Snapshot Restore/,
  ],
  ['the same without a rate', explain('python.import', 30, {}, { fromSnapshot: true }), /still filling/, /volumeInitializationRate: 300/],
  ['imports on a node that was there', explain('python.import', 9, { newNode: false }, baked), /^Python imported/, /^none$/],
  [
    'weights at the ceiling',
    explain('weights.read', 8, { weightsGiB: 4.5 }, baked),
    /at 0\.56 GiB\/s, .* 0\.59 GiB\/s at most$/,
    /throughput: 850/,
  ],
  [
    'weights below it, from a snapshot',
    explain('weights.read', 30, { weightsGiB: 4 }, baked),
    /0\.13 GiB\/s.*still filling/,
    /Fast Snapshot Restore/,
  ],
  [
    'weights below it, on a node that was there',
    explain('weights.read', 30, { weightsGiB: 4, newNode: false }, baked),
    /0\.13 GiB\/s, and the volume gives 0\.59 GiB\/s at most$/,
    /prefetch/,
  ],
  ['weights of which nothing is known', explain('weights.read', 30), /^the weights were read$/, /^none$/],
  ['a download', explain('weights.download', 400), /downloaded/, /bake the model/],
  [
    'a cache that was missed',
    explain('compile', 40, { compileCache: 'miss', compileMisses: ['no cache'] }),
    /missed \(no cache\)/,
    /VLLM_CACHE_ROOT/,
  ],
  ['a cache that was hit', explain('compile', 12, { compileCache: 'hit' }), /loaded its cache/, /^none$/],
  ['the probe', explain('probe.slack', 10), /probe did not ask/, /periodSeconds: 2/],
  ['nothing', explain('unattributed', 10), /no signal/, /rights/],
  ['a phase without more to say', explain('server.start', 10), /^meaning$/, /^none$/],
])('%s: what was seen, and the next setting', (_title, { cause, next }, causes, nexts) => {
  expect(cause).toMatch(causes)
  expect(next ?? 'none').toMatch(nexts)
})

test('throughput that EBS gives at most is not raised', () => {
  expect(explain('weights.read', 4, { weightsGiB: 4 }, { fromSnapshot: true, throughputMiBps: 1000 })).not.toHaveProperty('next')
})

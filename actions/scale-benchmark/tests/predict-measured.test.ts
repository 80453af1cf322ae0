import { expect, test } from '@jest/globals'
import { readManifests, type Manifest } from '@prebake/manifests'
import type { Report } from '@prebake/startup'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawReport, fromSnapshot, type Drawing } from '../../../packages/startup/tests/drawn-report.ts'
import { predictMeasured } from '../src/predict-measured.ts'
import { serverSettingsOf } from '../src/server-settings-of.ts'

const { signal } = new AbortController()
const read = (change: (text: string) => string = (text) => text): readonly Manifest[] => {
  const folder = 'deploy/vllm/baseline'
  const files = ['deployment', 'nodepool', 'nodeclass'].map((name) => {
    const path = `${folder}/${name}.yaml`
    return { path, text: change(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')) }
  })
  return readManifests(files, { VLLM_IMAGE: 'docker.io/vllm/vllm-openai:v0.11.0', NODE_ROLE: 'node', CLUSTER_NAME: 'test' })
}
const manifests = read()
const volume = { fromSnapshot: false, iops: 3000, throughputMiBps: 600 }
const onType = (instanceType: string | undefined, change: (report: Report) => Report = (report) => report): Drawing => ({
  change: (report) =>
    change({
      ...report,
      environment: { ...report.environment, volume },
      pods: report.pods.map((pod) => ({ ...pod, instanceType, compileCache: 'hit', weightsGiB: 3.88 })),
    }),
})
const given = { snapshotId: undefined, awsRegion: undefined, from: 1, to: 5 }
const predict = (runs: readonly Report[], some = manifests) =>
  predictMeasured({ runs, manifests: some, given }, signal).then(({ predicted }) => predicted)

test('the measured conditions are predicted, by the instance type that served, and the CPU factor is learned from compilation and profiling', async () => {
  const predicted = await predict([drawReport(onType('g6.2xlarge'))])
  if ('notPredicted' in predicted) throw new Error(predicted.notPredicted)
  expect(predicted).toMatchObject({ instanceType: 'g6.2xlarge', setting: expect.stringContaining('bake none') })
  expect(predicted.phases.map(({ id }) => id)).toEqual(
    'schedule node sandbox image import weights compile profile graphs server probe'.split(' '),
  )
  expect(predicted.allSeconds.expected).toBeGreaterThan(predicted.podSeconds.expected)
  // 6.4 s and 1.9 s, against 9.3 s and 2 s of the reference.
  expect(predicted.cpuFactor.learned).toBeCloseTo((6.4 + 1.9) / (9.3 + 2), 1)
  expect(predicted.assumed.join(' ')).toContain('4.2 GB')
})

test('a prediction takes nothing from the seconds that were measured', async () => {
  const slow = Object.fromEntries(Object.entries(fromSnapshot).map(([phase, seconds]) => [phase, seconds * 3]))
  const [usual, slower] = await Promise.all([
    predict([drawReport(onType('g6.2xlarge'))]),
    predict([drawReport({ ...onType('g6.2xlarge'), phases: slow })]),
  ])
  expect('podSeconds' in slower && slower.podSeconds).toEqual('podSeconds' in usual && usual.podSeconds)
  expect('cpuFactor' in slower && slower.cpuFactor.learned).toBeGreaterThan(1.5)
})

test.each<[title: string, words: RegExp, runs: readonly Report[], some?: readonly Manifest[]]>([
  ['the Deployment itself', /in-place/, [drawReport(onType('g6.2xlarge'))], []],
  [
    'two types',
    /g6\.2xlarge and g5\.2xlarge|g5\.2xlarge and g6\.2xlarge/,
    [drawReport(onType('g6.2xlarge')), drawReport(onType('g5.2xlarge'))],
  ],
  ['an unknown type', /type of the nodes is not known/, [drawReport(onType(undefined))]],
  ['a type of no table', /x9\.large is not in/, [drawReport(onType('x9.large'))]],
  [
    'no pod that was Ready',
    /no pod became Ready/,
    [drawReport(onType('g6.2xlarge', (report) => ({ ...report, pods: report.pods.map((pod) => ({ ...pod, ready: false })) })))],
  ],
  [
    'some nodes new',
    /some pods came on new nodes/,
    [
      drawReport(
        onType('g6.2xlarge', (report) => ({ ...report, pods: report.pods.map((pod, index) => ({ ...pod, newNode: index === 0 })) })),
      ),
    ],
  ],
  [
    'no size of the weights',
    /size of the weights is not known/,
    [drawReport(onType('g6.2xlarge', (report) => ({ ...report, pods: report.pods.map(({ weightsGiB: _weights, ...pod }) => pod) })))],
  ],
])('what cannot be predicted is said: %s', async (_title, words, runs, some = manifests) => {
  expect(await predict(runs, some)).toEqual({ notPredicted: expect.stringMatching(words) })
})

test.each([
  ['as it is', (text: string) => text, { probePeriodSeconds: 2, probeInitialDelaySeconds: 0, loader: 'mmap' }],
  [
    'a slow probe',
    (text: string) => text.replace('periodSeconds: 2', 'initialDelaySeconds: 30'),
    { probePeriodSeconds: 10, probeInitialDelaySeconds: 30, loader: 'mmap' },
  ],
  [
    'large reads',
    (text: string) => text.replace('- --max-model-len=8192', '- --load-format\n            - runai_streamer'),
    { probePeriodSeconds: 2, probeInitialDelaySeconds: 0, loader: 'stream' },
  ],
])('the server’s settings, %s', (_title, change, settings) => {
  expect(serverSettingsOf(read(change))).toEqual(settings)
})

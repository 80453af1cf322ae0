import { expect, test } from '@jest/globals'
import { judge, modelPath, onPod, type Changes } from './good-subject.ts'

const pod = 'spec/template/spec'
const container = `${pod}/containers/0`
const first = 'Deployment default/vllm spec.template.spec.containers[0]'
const args = (...more: string[]) => [modelPath, '--load-format=safetensors', '--config-format=hf', ...more]
const set = (...all: [path: string, value: unknown][]): Changes => ({
  set: all.map(([path, value]) => ['Deployment', path, value] as const),
})
const limits = (resources: object) =>
  [`${container}/resources`, { requests: { cpu: 4, memory: '16Gi' }, limits: resources }] as [string, unknown]
const noShm: [string, unknown] = [
  `${container}/volumeMounts`,
  [
    { name: 'models', mountPath: '/mnt/models', readOnly: true },
    { name: 'cache', mountPath: '/cache' },
  ],
]
/** Rules of other groups that fire because the shipped NodePool has one GPU per node. */
const about = (lines: readonly string[]) => lines.filter((line) => !/^(requests-fit-no-type|limits-without-surge) /.test(line))

test.each<[rule: string, severity: string, changes: Changes, place: string, words: RegExp]>([
  ['startup-too-short', 'warning', onPod(`${container}/startupProbe/failureThreshold`, undefined), `${first}.startupProbe`, /after 6 s/],
  [
    'startup-too-short',
    'warning',
    onPod(`${container}/startupProbe/failureThreshold`, 149),
    `${first}.startupProbe`,
    /after 298 s.*`failureThreshold: 900`/,
  ],
  [
    'probe-port',
    'error',
    onPod(`${container}/readinessProbe/httpGet/port`, 9000),
    `${first}.readinessProbe.httpGet.port`,
    /port 9000, and vLLM listens on 8000/,
  ],
  [
    'probe-port',
    'error',
    onPod(`${container}/startupProbe`, { tcpSocket: { port: 'web' }, periodSeconds: 2, failureThreshold: 900 }),
    `${first}.startupProbe.tcpSocket.port`,
    /the port `web`, and no port/,
  ],
  [
    'no-readiness-probe',
    'warning',
    set([`${container}/startupProbe`, undefined], [`${container}/readinessProbe`, undefined], [`${container}/livenessProbe`, undefined]),
    `${first}.readinessProbe`,
    /counts as Ready/,
  ],
  [
    'fewer-gpus-than-parallel',
    'error',
    onPod(`${container}/args`, args('--tensor-parallel-size=2')),
    `${first}.resources.limits`,
    /--tensor-parallel-size use 2 GPUs.*asks for 1/,
  ],
  [
    'fewer-gpus-than-parallel',
    'error',
    onPod(`${container}/args`, args('-pp', '4', '-tp=2')),
    `${first}.resources.limits`,
    /nvidia\.com\/gpu: 8/,
  ],
  [
    'fewer-gpus-than-parallel',
    'error',
    onPod(`${container}/args`, args('--data-parallel-size', '2')),
    `${first}.resources.limits`,
    /--data-parallel-size use 2/,
  ],
  [
    'shared-memory',
    'warning',
    set([`${container}/args`, args('-tp', '4')], limits({ 'nvidia.com/gpu': 4 }), noShm),
    `${first}.volumeMounts`,
    /4 processes.*\/dev\/shm/,
  ],
])('%s (%s): %j', (rule, severity, changes, place, words) => {
  const { findings, lines } = judge(changes)
  expect(about(lines)).toEqual([`${rule} ${place}`])
  const found = findings.find((finding) => finding.rule === rule)
  expect(found?.severity).toBe(severity)
  expect(`${found?.problem} ${found?.fix}`).toMatch(words)
})

test.each<[title: string, changes: Changes]>([
  ['five minutes', onPod(`${container}/startupProbe/failureThreshold`, 150)],
  [
    'vLLM’s own port',
    set(
      [`${container}/args`, args('--port', '9000')],
      ...['startup', 'liveness', 'readiness'].map((kind): [string, unknown] => [`${container}/${kind}Probe/httpGet/port`, 9000]),
    ),
  ],
  ['a number in quotes', onPod(`${container}/readinessProbe/httpGet/port`, '8000')],
  [
    'a proxy beside it that has the port',
    set(
      [`${container}/readinessProbe/httpGet/port`, 9000],
      [`${pod}/containers/1`, { name: 'proxy', image: 'envoyproxy/envoy:v1', ports: [{ containerPort: 9000 }] }],
    ),
  ],
  ['as many GPUs as processes', set([`${container}/args`, args('-tp', '2', '-pp', '2')], limits({ 'nvidia.com/gpu': 4 }))],
  [
    'shared memory of the host',
    set([`${container}/args`, args('-tp', '4')], limits({ 'nvidia.com/gpu': 4 }), noShm, [`${pod}/hostIPC`, true]),
  ],
  ['one process without a volume for it', set(noShm)],
])('no finding: %s', (_title, changes) => {
  const { lines, unchecked } = judge(changes)
  expect(about(lines)).toEqual([])
  expect(unchecked).toEqual([])
})

test.each<[title: string, rule: string, changes: Changes]>([
  [
    'a probe by a command',
    'probe-port',
    onPod(`${container}/livenessProbe`, { exec: { command: ['curl', 'localhost:9000'] }, periodSeconds: 10, failureThreshold: 90 }),
  ],
  [
    'a proxy beside it without ports',
    'probe-port',
    set([`${container}/readinessProbe/httpGet/port`, 9000], [`${pod}/containers/1`, { name: 'proxy', image: 'envoyproxy/envoy:v1' }]),
  ],
  ['processes in other pods', 'fewer-gpus-than-parallel', onPod(`${container}/args`, args('-tp', '8', '--nnodes=2'))],
  ['parts of GPUs', 'fewer-gpus-than-parallel', set([`${container}/args`, args('-tp', '2')], limits({ 'nvidia.com/mig-3g.20gb': 2 }))],
  [
    'a claim for GPUs',
    'fewer-gpus-than-parallel',
    set([`${container}/args`, args('-tp', '2')], [`${container}/resources`, { claims: [{ name: 'gpus' }] }]),
  ],
])('not checked, and not fine: %s', (_title, rule, changes) => {
  const { lines, unchecked } = judge(changes)
  expect(about(lines)).toEqual([])
  expect(unchecked.filter((line) => line.startsWith(`${rule}: `))).toHaveLength(1)
})

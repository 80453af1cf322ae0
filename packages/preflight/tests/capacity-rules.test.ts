import { expect, test } from '@jest/globals'
import { judge, onPod, onPool, type Changes } from './good-subject.ts'

const pod = 'spec/template/spec'
const container = `${pod}/containers/0`
const deployment = 'Deployment default/vllm'
const live = (replicas: number): Changes['facts'] => ({
  deployment: { 'default/vllm': { value: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'vllm' }, spec: { replicas } } } },
})
const quota = (vcpus: number): Changes['facts'] => ({ vcpuQuota: { 'on-demand G': { value: vcpus } } })

test.each<[rule: string, changes: Changes, place: string, words: RegExp]>([
  [
    'requests-fit-no-type',
    onPod(`${container}/resources/requests`, { cpu: 20, memory: '16Gi', 'nvidia.com/gpu': 1 }),
    `${deployment} spec.template.spec.containers`,
    /20 CPUs, 16384 MiB and 1 GPU fit no instance type that NodePool vllm allows.*Allow g5\.8xlarge/,
  ],
  [
    'requests-fit-no-type',
    onPool('spec/template/spec/requirements/0/values', ['g6.xlarge']),
    `${deployment} spec.template.spec.containers`,
    /4 CPUs, 16384 MiB.*Allow g6\.2xlarge, the smallest that fits/,
  ],
  [
    'shared-volume',
    onPool('spec/template/spec/requirements/0/values', ['g6.2xlarge', 'g6.12xlarge']),
    'NodePool vllm spec.template.spec.requirements',
    /on g6\.12xlarge \(4\) pods with 1 GPU share one volume/,
  ],
  [
    'limits-without-surge',
    { facts: { snapshot: {}, ...live(8) } },
    "NodePool vllm spec.limits['nvidia.com/gpu']",
    /8 replicas and 1 more.*need 9.*limit is 8.*at least 9/,
  ],
  [
    'limits-without-surge',
    {
      set: [
        ['NodePool', 'spec/limits', { cpu: 16 }],
        ['Deployment', 'spec/replicas', 2],
      ],
    },
    "NodePool vllm spec.limits['cpu']",
    /2 replicas and 1 more.*need 24 cpu as g[56]e?\.2xlarge.*limit is 16/,
  ],
  [
    'quota-without-surge',
    { facts: { snapshot: {}, ...live(5), ...quota(40) } },
    `${deployment} spec.strategy`,
    /5 replicas and 1 more.*need 48 vCPUs.*may run 40 \(on-demand G instances\)/,
  ],
  [
    'quota-without-surge',
    {
      ...onPool('spec/template/spec/requirements/1/values', ['on-demand', 'spot']),
      facts: { snapshot: {}, ...live(5), vcpuQuota: { 'on-demand G': { value: 16 }, 'spot G': { value: 24 } } },
    },
    `${deployment} spec.strategy`,
    /may run 40 \(on-demand G and spot G instances\)/,
  ],
  [
    'quota-without-surge',
    {
      set: [
        ['NodePool', 'spec/template/spec/requirements/1/operator', 'Exists'],
        ['Deployment', `${pod}/nodeSelector`, { 'prebake.dev/nodeclass': 'vllm', 'karpenter.sh/capacity-type': 'on-demand' }],
      ],
      facts: { snapshot: {}, ...live(5), vcpuQuota: { 'on-demand G': { value: 16 }, 'spot G': { value: 100 } } },
    },
    `${deployment} spec.strategy`,
    /may run 16 \(on-demand G instances\)/,
  ],
  [
    'quota-without-surge',
    {
      set: [
        ['NodePool', 'spec/template/spec/requirements/0/values', ['p5.4xlarge']],
        ['NodePool', 'spec/template/spec/requirements/1/values', ['reserved']],
      ],
      facts: { snapshot: {}, ...live(1), vcpuQuota: { 'on-demand P': { value: 16 } } },
    },
    `${deployment} spec.strategy`,
    /need 32 vCPUs as p5\.4xlarge.*may run 16 \(on-demand P instances\)/,
  ],
])('%s alone is found: %j', (rule, changes, place, words) => {
  const { findings, lines } = judge(changes)
  expect(lines).toEqual([`${rule} ${place}`])
  expect(`${findings[0]?.problem} ${findings[0]?.fix}`).toMatch(words)
})

test.each<[title: string, changes: Changes]>([
  ['a type that the table does not know may fit', onPool('spec/template/spec/requirements/0/values', ['g6.xlarge', 'g9.2xlarge'])],
  [
    'a way to buy that the rule does not know',
    { ...onPool('spec/template/spec/requirements/1/values', ['borrowed']), facts: { snapshot: {}, ...live(5) } },
  ],
  ['a quota that suffices', { facts: { snapshot: {}, ...live(5), ...quota(48) } }],
  [
    'a quota of spot that suffices together with one that may not be looked at',
    {
      ...onPool('spec/template/spec/requirements/1/values', ['on-demand', 'spot']),
      facts: { snapshot: {}, ...live(5), vcpuQuota: { 'on-demand G': { unchecked: 'forbidden' }, 'spot G': { value: 0 } } },
    },
  ],
  ['limits that suffice', { facts: { snapshot: {}, ...live(7) } }],
])('nothing is found: %s', (_title, changes) => {
  expect(judge(changes).lines).toEqual([])
})

test('one GPU for each pod on large nodes is what several GPUs are for', () => {
  const { lines } = judge({
    set: [
      ['Deployment', `${container}/resources`, { limits: { cpu: 40, 'nvidia.com/gpu': 4 } }],
      ['NodePool', 'spec/template/spec/requirements/0/values', ['g6.12xlarge']],
    ],
  })
  expect(lines).toEqual([])
})

import { boolean, defineInputs, duration, integer, secret, text, type Inputs } from '@prebake/action-kit'
import { clusterInputs, judgeClusterInputs } from '@prebake/kubernetes/access'
import type { BenchmarkErrorCode } from '@prebake/startup'

const objectName = {
  pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  words: 'the name of a Kubernetes object: lower case, digits, `-` and `.`',
}
const snapshot = { pattern: /^snap-[0-9a-f]{8,17}$/, words: 'a snapshot ID, such as `snap-0123456789abcdef0`' }

const twice = 'baseline-given-twice' satisfies BenchmarkErrorCode
const notMore = 'replicas-not-increased' satisfies BenchmarkErrorCode

export const inputs = defineInputs(
  {
    deployment: text({ default: 'vllm', form: objectName }),
    namespace: text({ default: 'default', form: objectName }),
    ...clusterInputs,
    from: integer({ default: 1, max: 1000 }),
    to: integer({ default: 5, min: 1, max: 1000 }),
    timeout: duration({ default: '30m' }),
    'snapshot-id': text({ form: snapshot }),
    baseline: text(),
    // The former name of `baseline`.
    control: text(),
    'regression-threshold': integer({ default: 10, min: 1, max: 100 }),
    'fail-on-regression': boolean({ default: false }),
    comment: boolean({ default: true }),
    'github-token': secret({ default: '${{ github.token }}' }),
    'pull-request': integer({ min: 1 }),
  },
  {
    check: ({ from, to, baseline, control, ...cluster }) => [
      ...judgeClusterInputs(cluster),
      ...(baseline !== undefined && control !== undefined
        ? [{ code: twice, input: 'control', wrong: 'is the former name of `baseline`, which is given too.', remedy: 'Remove `control`.' }]
        : []),
      ...(from >= to
        ? [{ code: notMore, input: 'to', wrong: `${to} is not more than \`from\` (${from}).`, remedy: 'Scale up, such as from 1 to 5.' }]
        : []),
    ],
  },
)

export type BenchmarkInputs = Inputs<typeof inputs>

export const outputs = [
  'first-ready-seconds',
  'all-ready-seconds',
  'pod-startup-seconds',
  'cold-start-p90-seconds',
  'verdict',
  'report',
  'comment-url',
] as const

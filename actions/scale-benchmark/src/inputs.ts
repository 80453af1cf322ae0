import { boolean, choice, defineInputs, duration, integer, keyValues, list, secret, text, type Inputs } from '@prebake/action-kit'
import { clusterInputs, judgeClusterInputs } from '@prebake/kubernetes/access'
import type { BenchmarkErrorCode } from '@prebake/startup'

const objectName = {
  pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  words: 'the name of a Kubernetes object: lower case, digits, `-` and `.`',
}
const snapshot = { pattern: /^snap-[0-9a-f]{8,17}$/, words: 'a snapshot ID, such as `snap-0123456789abcdef0`' }

const variable = { pattern: /^[A-Za-z_]\w*$/, words: 'a name of letters, digits and `_`' }

const twice = 'baseline-given-twice' satisfies BenchmarkErrorCode
const ambiguous = 'baseline-ambiguous' satisfies BenchmarkErrorCode
const mismatch = 'mode-mismatch' satisfies BenchmarkErrorCode
const notMore = 'replicas-not-increased' satisfies BenchmarkErrorCode

/** In `baseline-manifests`, in place of a path: the candidate without its snapshot. */
export const withoutSnapshot = 'without-snapshot'

export const inputs = defineInputs(
  {
    candidate: choice(['isolated', 'in-place'], { default: 'isolated' }),
    manifests: list({ default: 'deploy/vllm' }),
    'baseline-manifests': list(),
    variables: keyValues({ key: variable, strict: true }),
    deployment: text({ default: 'vllm', form: objectName }),
    namespace: text({ default: 'default', form: objectName }),
    ...clusterInputs,
    from: integer({ default: 1, max: 1000 }),
    to: integer({ default: 5, min: 1, max: 1000 }),
    runs: integer({ default: 1, min: 1, max: 20 }),
    cold: choice(['true', 'false']),
    prompt: text({ default: 'The capital of France is' }),
    timeout: duration({ default: '30m' }),
    'snapshot-id': text({ form: snapshot }),
    'baseline-snapshot-id': text({ form: snapshot }),
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
    check: [
      ({ candidate, baselineManifests }) =>
        candidate === 'in-place' && baselineManifests.length > 0
          ? [
              {
                code: mismatch,
                input: 'baseline-manifests',
                wrong: 'is given with `candidate: in-place`.',
                remedy: 'Measure isolated copies, or remove it.',
              },
            ]
          : [],
      ({ baselineManifests, baselineSnapshotId }) =>
        baselineManifests.includes(withoutSnapshot) && (baselineManifests.length > 1 || baselineSnapshotId !== undefined)
          ? [
              {
                code: ambiguous,
                input: 'baseline-manifests',
                wrong: `has \`${withoutSnapshot}\` beside ${baselineManifests.length > 1 ? 'paths' : '`baseline-snapshot-id`'}.`,
                remedy: 'Give that word alone, or only paths.',
              },
            ]
          : [],
      ({ clusterName, kubeconfig, awsRegion }) => judgeClusterInputs({ clusterName, kubeconfig, awsRegion }),
      ({ baseline, control }) =>
        baseline !== undefined && control !== undefined
          ? [{ code: twice, input: 'control', wrong: 'is the former name of `baseline`, which is given too.', remedy: 'Remove `control`.' }]
          : [],
      ({ from, to }) =>
        from >= to
          ? [{ code: notMore, input: 'to', wrong: `${to} is not more than \`from\` (${from}).`, remedy: 'Scale up, such as from 1 to 5.' }]
          : [],
    ],
  },
)

export type BenchmarkInputs = Inputs<typeof inputs>

export const outputs = [
  'first-ready-seconds',
  'all-ready-seconds',
  'pod-startup-seconds',
  'first-token-seconds',
  'cold-start-p90-seconds',
  'predicted-seconds',
  'cpu-factor',
  'verdict',
  'report',
  'report-html',
  'report-llm-d',
  'comment-url',
] as const

import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readInputs } from '@prebake/action-kit'
import { asStep, compareWithActionYml } from '@prebake/action-kit/testing'
import { inputs, outputs } from '../src/inputs.ts'
import { readVariables } from '../src/variables.ts'

const read = (env: Record<string, string>) => asStep(env, () => readInputs(inputs)).result()

test('action.yml and schema agree', () => {
  expect(compareWithActionYml(inputs, outputs, readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))).toEqual([])
})

test('the defaults are complete', () => {
  expect(read({})).toEqual({
    mode: 'apply',
    snapshotId: undefined,
    model: undefined,
    snapshotTags: {},
    awsRegion: undefined,
    manifests: ['deploy/vllm'],
    helmValues: [],
    helmRelease: undefined,
    variables: {},
    outputFolder: 'rendered',
    clusterName: undefined,
    kubeconfig: undefined,
    namespace: 'default',
    timeout: 1_800_000,
    forceConflicts: false,
    dryRun: false,
    ignoreRules: [],
    rollback: true,
    clearRejection: false,
    variableName: 'VLLM_SNAPSHOT_ID',
    variableToken: undefined,
  })
})

test.each([
  ['INPUT_SNAPSHOT-ID', 'newest', 'not a snapshot ID'],
  ['INPUT_MODE', 'aply', 'Did you mean `apply`?'],
  ['INPUT_IGNORE-RULES', 'image-latest\nimage-by-tags', '`image-by-tags` is not a rule of the preflight. Did you mean `image-by-tag`?'],
  ['INPUT_IGNORE-RULES', 'everything', '`everything` is not a rule of the preflight.'],
  ['INPUT_SNAPSHOT-TAGS', 'a=b', 'choose among snapshots'],
  ['INPUT_VARIABLE-NAME', 'GITHUB_X', 'not a name that GitHub takes'],
  ['INPUT_NAMESPACE', 'My_Space', 'not the name of a namespace'],
  ['INPUT_CLUSTER-NAME', 'arn:aws:eks:us-west-2:1:cluster/demo', 'not the name of an EKS cluster'],
  ['INPUT_TIMEOUT', '30', 'not a duration'],
  ['INPUT_DRY-RUN', 'perhaps', '`dry-run`'],
  ['INPUT_VARIABLES', 'NODE_ROLE', 'the line that starts with `NODE_ROLE` is not `key=value`'],
  ['INPUT_VARIABLES', '1A=x', 'the line that starts with `1A` has a key that is not a name of letters, digits and `_`'],
  ['INPUT_VARIABLES', 'A=1\nA=2', 'A is given twice'],
  ['INPUT_VARIABLES', 'MODEL_PATH=', 'MODEL_PATH has an empty value'],
  ['INPUT_VARIABLES', 'MODEL_PATH="/mnt/models"', 'MODEL_PATH has a value in quotes'],
])('%s = %j is refused', (name, value, words) => {
  expect(() => read({ [name]: value })).toThrow(words)
})

test('latest takes tags, each a key and a value', () => {
  const env = { 'INPUT_SNAPSHOT-ID': 'latest', 'INPUT_SNAPSHOT-TAGS': 'team=a\nprebake:model = x=y' }
  expect(read(env).snapshotTags).toEqual({ team: 'a', 'prebake:model': 'x=y' })
  expect(() => read({ ...env, 'INPUT_SNAPSHOT-TAGS': 'team' })).toThrow('the line that starts with `team` is not `key=value`')
})

test.each([
  ['dry-run-without-apply', 'dry-run', { INPUT_MODE: 'verify', 'INPUT_DRY-RUN': 'true' }],
  [
    'snapshot-given-twice',
    'variables',
    { 'INPUT_SNAPSHOT-ID': 'snap-0123456789abcdef0', INPUT_VARIABLES: 'SNAPSHOT_ID=snap-0123456789abcdef1' },
  ],
  ['tags-without-latest', 'snapshot-tags', { 'INPUT_SNAPSHOT-TAGS': 'a=b' }],
  ['rule-unknown', 'ignore-rules', { 'INPUT_IGNORE-RULES': 'image-by-tags' }],
])('%s', (code, input, env: Record<string, string>) => {
  expect(() => read(env)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ code, input })] }))
})

test('rules to ignore are one a line', () => {
  expect(read({ 'INPUT_IGNORE-RULES': 'image-by-tag\n# not yet\nsnapshot-rejected' }).ignoreRules).toEqual([
    'image-by-tag',
    'snapshot-rejected',
  ])
})

test('a cluster is given once', () => {
  const env = { 'INPUT_CLUSTER-NAME': 'demo', INPUT_KUBECONFIG: '/home/me/.kube/config' }
  expect(() => read(env)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ input: 'cluster-name' })] }))
})

const found = (snapshotId: string) => ({ snapshotId, record: undefined, volumeSizeGiB: 0, unread: 'was not looked up.' })

test('variables keep what comes after the first equals sign, and know their input', () => {
  const given = read({ 'INPUT_SNAPSHOT-ID': 'snap-0123456789abcdef0', INPUT_VARIABLES: 'A = 1\n# no\nQUERY=a=b' })
  expect(readVariables(given, found('snap-0123456789abcdef0'), new Set())).toMatchObject({
    values: { SNAPSHOT_ID: 'snap-0123456789abcdef0', A: '1', QUERY: 'a=b' },
    inputs: { SNAPSHOT_ID: 'snapshot-id', A: 'variables', QUERY: 'variables' },
    problems: [],
  })
  expect(readVariables(read({ INPUT_VARIABLES: 'SNAPSHOT_ID=snap-1' }), found('snap-1'), new Set())).toMatchObject({
    values: { SNAPSHOT_ID: 'snap-1' },
    inputs: { SNAPSHOT_ID: 'variables' },
  })
})

test.each<[Record<string, string>, string]>([
  [{ 'INPUT_SNAPSHOT-ID': 'latest' }, 'clear-rejection-without-snapshot'],
  [{}, 'clear-rejection-without-snapshot'],
  [{ 'INPUT_SNAPSHOT-ID': 'snap-0123456789abcdef0', 'INPUT_DRY-RUN': 'true' }, 'clear-rejection-without-apply'],
  [{ 'INPUT_SNAPSHOT-ID': 'snap-0123456789abcdef0', INPUT_MODE: 'verify' }, 'clear-rejection-without-apply'],
])('a rejection is taken back of one named snapshot, by a run that applies: %j is refused', (env, code) => {
  const given = { ...env, 'INPUT_CLEAR-REJECTION': 'true' }
  expect(() => read(given)).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ code, input: 'clear-rejection' })] }))
})

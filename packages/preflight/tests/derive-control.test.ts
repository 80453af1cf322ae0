import { expect, test } from '@jest/globals'
import { InputError } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import type { BakeRecord } from '@prebake/snapshot-record'
import { deriveControl } from '../src/index.ts'
import { goodSnapshot, modelPath, shippedManifests, snapshotId, subjectWith, type Changes } from './good-subject.ts'

const commit = 'c0ffee'.repeat(6) + 'c0ff'
const revision = `--revision=${commit}`
const record = { ...goodSnapshot.baked, commit } as BakeRecord
const derive = (manifests: readonly Manifest[], of: Partial<BakeRecord> = {}) =>
  deriveControl(manifests, { snapshotId, record: { ...record, ...of }, volumeSizeGiB: 150 })
const shippedWith = (...set: NonNullable<Changes['set']>) => subjectWith({ set }).manifests
const container = 'spec/template/spec/containers/0'
const args = (...words: readonly string[]) => ['Deployment', `${container}/args`, words] as const

interface PodSpec {
  readonly containers: readonly { readonly command?: unknown; readonly args?: unknown; readonly env?: readonly { readonly name: string }[]; readonly volumeMounts?: readonly { readonly name: string }[] }[] // prettier-ignore
  readonly volumes: readonly { readonly name: string }[]
}
const documentOf = (manifests: readonly Manifest[], kind: string) => manifests.find(({ document }) => document.kind === kind)?.document
const podOf = (manifests: readonly Manifest[]) =>
  (documentOf(manifests, 'Deployment') as unknown as { spec: { template: { spec: PodSpec } } }).spec.template.spec
const server = (...set: NonNullable<Changes['set']>) => podOf(derive(shippedWith(...set))).containers[0]
const codes = (manifests: readonly Manifest[], of: Partial<BakeRecord> = {}) => {
  try {
    derive(manifests, of)
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ code }) => code)
    throw error
  }
  return []
}

test('what is derived from the shipped manifests is the folder that was written by hand, in its commit and with its caches', () => {
  const model = 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ'
  const derived = derive(shippedManifests(), { model })
  const written = shippedManifests(['baseline/nodeclass.yaml', 'baseline/nodepool.yaml', 'baseline/deployment.yaml'])
  expect(documentOf(derived, 'EC2NodeClass')).toEqual(documentOf(written, 'EC2NodeClass'))
  expect(documentOf(derived, 'NodePool')).toEqual(documentOf(written, 'NodePool'))

  // The folder shows the least: the newest commit, and caches that go with the container. The control differs from the candidate in nothing else.
  const { volumes, ...pod } = podOf(written)
  const [byHand] = pod.containers
  const own = podOf(derived)
  const named = (names: readonly string[]) => (each: { readonly name: string }) => names.includes(each.name)
  const caches = ['HF_MODULES_CACHE', 'HOME', 'VLLM_CACHE_ROOT', 'TRITON_CACHE_DIR', 'TORCHINDUCTOR_CACHE_DIR', 'FLASHINFER_WORKSPACE_BASE']
  expect(own).toEqual({
    ...pod,
    containers: [
      {
        ...byHand,
        args: [...((byHand?.args ?? []) as string[]), revision],
        env: expect.arrayContaining([...(byHand?.env ?? [])]),
        volumeMounts: expect.arrayContaining([...(byHand?.volumeMounts ?? [])]),
      },
    ],
    volumes: expect.arrayContaining([...volumes]),
  })
  const isOwn = named([...(byHand?.env ?? []), ...volumes].map(({ name }) => name))
  expect(own.containers[0]?.env?.filter((each) => !isOwn(each)).map(({ name }) => name)).toEqual(caches)
  expect(own.containers[0]?.volumeMounts?.filter((each) => !isOwn(each)).map(({ name }) => name)).toEqual(['cache'])
  expect(own.volumes.filter((each) => !isOwn(each)).map(({ name }) => name)).toEqual(['cache'])
  const without = (manifests: readonly Manifest[]) => manifests.map(({ document }) => document.kind)
  expect(without(derived)).toEqual(without(shippedManifests()))
})

test.each<
  [form: string, set: NonNullable<Changes['set']>, words: { readonly command?: readonly string[]; readonly args?: readonly string[] }]
>([
  ['--model=', [args(`--model=${modelPath}`, '--port=1')], { args: ['--model=a/b', '--port=1', revision] }],
  ['--model', [args('--model', `${modelPath}/`)], { args: ['--model', 'a/b', revision] }],
  ['its tokenizer', [args(modelPath, `--tokenizer=${modelPath}`)], { args: ['a/b', '--tokenizer=a/b', revision] }],
  ['its name, offline', [args('a/b')], { args: ['a/b', revision] }],
  [
    'in the command',
    [args(), ['Deployment', `${container}/command`, ['vllm', 'serve', modelPath]]],
    { command: ['vllm', 'serve', 'a/b', revision] },
  ],
  [
    'mounted elsewhere',
    [
      args('/models/hub/models--a--b/snapshots/c'),
      ['Deployment', `${container}/volumeMounts/0`, { name: 'models', mountPath: '/models', subPath: 'hf-cache', readOnly: true }],
    ],
    { args: ['a/b', revision] },
  ],
])('the model as %s', (_form, set, words) => {
  const found = server(...set)
  expect(found).toMatchObject(words)
  expect(JSON.stringify(found)).not.toMatch(/OFFLINE|readOnly/)
})

test('what a ConfigMap may set is overridden, and an image is pulled where it must not be so far', () => {
  const found = server(
    ['Deployment', `${container}/envFrom`, [{ configMapRef: { name: 'c' } }]],
    ['Deployment', `${container}/imagePullPolicy`, 'Never'],
  )
  expect(found?.env).toEqual(expect.arrayContaining(['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'].map((name) => ({ name, value: '0' }))))
  expect(found).toMatchObject({ imagePullPolicy: 'IfNotPresent' })
})

test('a volume without a size gets that of the snapshot; others stay', () => {
  const changed = derive(shippedWith(['EC2NodeClass', 'spec/blockDeviceMappings/1/ebs/volumeSize', undefined]))
  expect(documentOf(changed, 'EC2NodeClass')).toMatchObject({
    spec: { blockDeviceMappings: [{ ebs: { volumeSize: '4Gi' } }, { ebs: { volumeSize: '150Gi', throughput: 600 } }] },
  })
  expect(JSON.stringify(changed)).not.toMatch(/snap-|volumeInitializationRate/)
})

const refused: readonly (readonly [code: string, why: string, set: NonNullable<Changes['set']>, of?: Partial<BakeRecord>])[] = [
  ['control-without-model', 'no model', [], { model: undefined }],
  ['control-without-model', 'no commit', [], { commit: undefined }],
  ['control-without-model', 'from a bucket', [], { model: 's3://models/a' }],
  ['control-volume-missing', 'another snapshot', [['EC2NodeClass', 'spec/blockDeviceMappings/1/ebs/snapshotID', 'snap-0fffffffffffffff0']]],
  ['control-model-not-served', 'an address', [args('s3://models/a')]],
  ['control-model-not-served', 'another model', [args('c/d')]],
  ['control-model-not-served', 'a file of it', [args(`${modelPath}/model.gguf`)]],
  ['control-model-not-served', 'another tokenizer', [args(modelPath, '--tokenizer=c/d')]],
  ['control-model-not-served', 'no server', [['Deployment', `${container}/command`, ['sleep', 'infinity']]]],
  ['control-model-not-served', 'a claim', [['Deployment', 'spec/template/spec/volumes/0', { name: 'models', persistentVolumeClaim: { claimName: 'm' } }]]],
  ['control-path-left', 'a script', [['Deployment', `${container}/command`, ['sh', '-c']], args(`exec vllm serve ${modelPath}`)]],
  ['control-path-left', 'a variable', [args('$(MODEL)'), ['Deployment', `${container}/env/0`, { name: 'MODEL', value: modelPath }]]],
  ['control-path-left', 'a part of another', [args(modelPath, `--chat-template=${modelPath}/chat.jinja`)]],
  ['control-path-left', 'an init container', [['Deployment', 'spec/template/spec/initContainers', [{ name: 'warm', command: ['cat', modelPath] }]]]],
] // prettier-ignore

test.each(refused)('%s: %s', (code, _why, set, of = {}) => {
  expect(codes(shippedWith(...set), of)).toEqual([code])
})

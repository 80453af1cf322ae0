import { expect, test } from '@jest/globals'
import { judge, modelPath, onPod, snapshotId, type Changes } from './good-subject.ts'

const pod = 'spec/template/spec'
const container = `${pod}/containers/0`
const first = 'Deployment default/vllm spec.template.spec.containers[0]'
const formats = ['--load-format=safetensors', '--config-format=hf']
const args = (...words: string[]) => onPod(`${container}/args`, [...words, ...formats])
const set = (...all: [path: string, value: unknown][]): Changes => ({
  set: all.map(([path, value]) => ['Deployment', path, value] as const),
})
const models = `${pod}/volumes/0`
const claim = { name: 'models', persistentVolumeClaim: { claimName: 'm' } }
const online = { name: 'HF_HUB_OFFLINE', value: '0' }

test.each<[rule: string, changes: Changes, place: string, words: RegExp]>([
  ['model-not-mounted', set([`${models}`, { name: 'models', emptyDir: {} }]), `${first}.volumeMounts`, /emptyDir `models`/],
  [
    'model-not-mounted',
    onPod(`${container}/volumeMounts`, [
      { name: 'cache', mountPath: '/cache' },
      { name: 'shm', mountPath: '/dev/shm' },
    ]),
    `${first}.volumeMounts`,
    /no mount/,
  ],
  [
    'model-not-mounted',
    set([`${container}/volumeMounts/0/mountPath`, '/weights']),
    `${first}.volumeMounts`,
    new RegExp(`no mount of the container has ${modelPath}`),
  ],
  ['model-path-not-baked', set([`${models}/hostPath/path`, '/mnt/modles']), `${first}.args`, /which is \/mnt\/modles\/hf-cache/],
  ['model-path-not-baked', args('/mnt/models/elsewhere'), `${first}.args`, /not at \/mnt\/models\/elsewhere/],
  [
    'model-path-not-baked',
    { ...set([`${container}/volumeMounts/0/mountPath`, '/weights'], [`${container}/args`, ['/weights/x', ...formats]]) },
    `${first}.args`,
    /\/mnt\/models\/x on the node/,
  ],
  ['baked-model-unused', set([models, claim]), `${first}.args`, /on the persistentVolumeClaim `models`/],
  ['baked-model-unused', args('/opt/llm'), `${first}.args`, /\/opt\/llm in the container's image/],
  ['baked-model-unused', args('gs://bucket/llm'), `${first}.args`, /gs:\/\/bucket\/llm/],
  [
    'baked-model-unused',
    set([`${container}/args`, ['a/b', ...formats]], [models, claim]),
    `${first}.args`,
    /hub on the persistentVolumeClaim/,
  ],
  [
    'offline-cache-not-baked',
    set([`${container}/args`, ['a/b', ...formats]], [`${container}/env/0/value`, '/root/hf']),
    `${first}.env`,
    /\(HF_HOME\)/,
  ],
  [
    'offline-cache-not-baked',
    set([`${container}/args`, ['a/b', ...formats]], [`${container}/env/0`, { name: 'X', value: 'y' }]),
    `${first}.env`,
    /\/root\/\.cache\/huggingface\/hub/,
  ],
  ['offline-cache-not-baked', args('other/model'), `${first}.args`, new RegExp(`${snapshotId} has a/b, not other/model`)],
  [
    'model-by-name',
    set([`${container}/args`, ['a/b', ...formats]], [`${container}/env/1`, online]),
    `${first}.args`,
    /looked up on the hub/,
  ],
  ...[
    'hf download a/b --local-dir /mnt/models/x',
    'huggingface-cli download a/b',
    'python -c "snapshot_download(1)"',
    'aws s3 sync s3://b /w',
    'git clone https://h/a/b',
  ].map((command): [string, Changes, string, RegExp] => [
    'init-download',
    set([`${pod}/initContainers`, [{ name: 'fetch', image: 'python:3', command: ['sh', '-c', `pip install x && ${command}`] }]]),
    'Deployment default/vllm spec.template.spec.initContainers[0]',
    /at every start of a pod/,
  ]),
])('%s is found: %j', (rule, changes, place, words) => {
  const { findings, lines, unchecked } = judge(changes)
  expect(lines.filter((line) => !line.startsWith('hub-online'))).toEqual([`${rule} ${place}`])
  expect(unchecked).toEqual([])
  const found = findings.find((finding) => finding.rule === rule)
  expect(`${found?.problem} ${found?.fix}`).toMatch(words)
})

test.each<[title: string, changes: Changes]>([
  [
    'an init container that warms a cache',
    set([`${pod}/initContainers`, [{ name: 'warm', image: 'busybox', command: ['sh', '-c', 'chown -R 1000 /cache'] }]]),
  ],
  [
    'mounted elsewhere, and served from there',
    set([`${container}/volumeMounts/0/mountPath`, '/w'], [`${container}/args`, [modelPath.replace('/mnt/models', '/w'), ...formats]]),
  ],
  [
    'a mount of the cache alone',
    set([`${models}/hostPath/path`, '/mnt/models/hf-cache'], [`${container}/volumeMounts/0/mountPath`, '/mnt/models/hf-cache']),
  ],
  [
    'a folder of a larger mount',
    set(
      [`${models}/hostPath/path`, '/mnt'],
      [`${container}/volumeMounts/0`, { name: 'models', mountPath: '/mnt/models', subPath: 'models', readOnly: true }],
    ),
  ],
  ['its name, offline, in the baked cache', args('a/b')],
  ['offline by another word', onPod(`${container}/env/1/value`, 'Yes')],
  ['offline by the older variable', onPod(`${container}/env/1`, { name: 'TRANSFORMERS_OFFLINE', value: 'true' })],
  ['an image alone, and any model', { baked: { modelPath: undefined, model: undefined }, ...args('/opt/llm') }],
  [
    'a shell with continued lines',
    set([`${container}/command`, ['sh', '-c']], [`${container}/args`, [`exec vllm serve \\\n ${modelPath} \\\n ${formats.join(' ')}\n`]]),
  ],
  ['a variable of the kubelet', set([`${container}/env/9`, { name: 'M', value: modelPath }], [`${container}/args`, ['$(M)', ...formats]])],
  ['a switch before the model', args('--enable-prefix-caching', modelPath)],
  [
    'an emptyDir that an init container fills',
    set(
      [models, { name: 'models', emptyDir: {} }],
      [`${pod}/initContainers`, [{ name: 'fetch', image: 'x:1', volumeMounts: [{ name: 'models', mountPath: '/m' }] }]],
    ),
  ],
])('no error: %s', (title, changes) => {
  const { findings } = judge(changes)
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual(title.includes('fills') ? [['baked-model-unused', 'warning']] : [])
})

test.each<[title: string, changes: Changes, rules: string[], reason: RegExp]>([
  [
    'a model from a ConfigMap',
    set([`${container}/args`, ['$(M)', ...formats]], [`${container}/env/9`, { name: 'M', valueFrom: { configMapKeyRef: {} } }]),
    ['model-path-not-baked'],
    /the model is not written out/,
  ],
  [
    'HF_HUB_OFFLINE from a ConfigMap',
    onPod(`${container}/env/1`, { name: 'HF_HUB_OFFLINE', valueFrom: { configMapKeyRef: {} } }),
    ['hub-online'],
    /HF_HUB_OFFLINE is not written out/,
  ],
  [
    'HF_HOME from a Secret',
    set([`${container}/args`, ['a/b', ...formats]], [`${container}/env/0`, { name: 'HF_HOME', valueFrom: { secretKeyRef: {} } }]),
    ['offline-cache-not-baked'],
    /HF_HOME/,
  ],
  ['a subPathExpr', set([`${container}/volumeMounts/0/subPathExpr`, '$(A)']), ['model-not-mounted'], /is not written out/],
  [
    'a file of arguments',
    onPod(`${container}/args`, ['--config=/c.yaml']),
    ['model-path-not-baked', 'guessed-format', 'probe-port'],
    /not written out/,
  ],
])('not checked, and not fine: %s', (_title, changes, rules, reason) => {
  const { unchecked, lines } = judge(changes)
  expect(lines).toEqual([])
  for (const rule of rules) expect(unchecked).toContainEqual(expect.stringMatching(new RegExp(`^${rule}: .*${reason.source}`)))
})

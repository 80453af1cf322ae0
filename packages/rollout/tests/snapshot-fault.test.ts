import { expect, test } from '@jest/globals'
import type { SnapshotDescription } from '@prebake/preflight'
import { findSnapshotFault, type FailedPod } from '../src/explain/snapshot-fault.ts'

const digest = `sha256:${'a1'.repeat(32)}`
const path = '/mnt/models/hf-cache/hub/models--a--b/snapshots/5f9c'
const snapshot = {
  snapshotId: 'snap-2',
  baked: { modelPath: path, images: [{ name: 'docker.io/vllm/vllm-openai', tag: 'v0.33.0', digest }] },
} as unknown as SnapshotDescription

const pod = ({
  container = {},
  folder = '/mnt/models',
  ...rest
}: Partial<FailedPod> & { container?: object; folder?: string }): FailedPod => ({
  messages: [],
  logs: {},
  spec: {
    volumes: [{ name: 'models', hostPath: { path: folder } }],
    containers: [
      {
        name: 'vllm',
        image: `vllm/vllm-openai@${digest}`,
        command: ['vllm', 'serve'],
        args: [path, '--served-model-name=m'],
        volumeMounts: [{ name: 'models', mountPath: folder }],
        ...container,
      },
    ],
  },
  ...rest,
})
const log = (line: string) => ({ vllm: `INFO starting\n${line}\nINFO the end` })
const mount = (folder: string) => [
  `MountVolume.SetUp failed for volume "models" : hostPath type check failed: ${folder} is not a directory`,
]
const notFound = `  Value error, Invalid repository ID or local directory specified: '${path}'.`
const moved = path.replace('/mnt/models', '/models')

test.each<[title: string, failed: FailedPod, cause: string | undefined]>([
  ['the folder of the models is not there', pod({ messages: mount('/mnt/models') }), 'volume-not-mountable'],
  ['a folder inside it is not there', pod({ messages: mount('/mnt/models/hf-cache') }), 'volume-not-mountable'],
  ['a folder that the pod misspells', pod({ messages: mount('/mnt/model') }), undefined],
  ['the model is not at its path', pod({ logs: log(notFound) }), 'model-missing'],
  [
    'a file of the model is not there',
    pod({ logs: log(`OSError: ${path} does not appear to have a file named config.json`) }),
    'model-missing',
  ],
  [
    'the model’s folder is empty',
    pod({
      logs: log(`  Value error, Unrecognized model in ${path}. Should have a \`model_type\` key in its config.json. [type=value_error]`),
    }),
    'model-missing',
  ],
  [
    'the model as a folder of another name',
    pod({
      container: { args: [moved], volumeMounts: [{ name: 'models', mountPath: '/models' }] },
      logs: log(notFound.replace(path, moved)),
    }),
    'model-missing',
  ],
  [
    'a shell that starts vLLM',
    pod({ container: { command: ['sh', '-c', `exec vllm serve ${path} --port 8000`], args: [] }, logs: log(notFound) }),
    'model-missing',
  ],
  [
    'the path in a variable',
    pod({ container: { args: ['$(MODEL)'], env: [{ name: 'MODEL', value: path }] }, logs: log(notFound) }),
    'model-missing',
  ],
  [
    'a damaged shard',
    pod({ logs: log('safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata') }),
    'model-unreadable',
  ],
  [
    'a block that EBS cannot read',
    pod({ logs: log(`OSError: [Errno 5] Input/output error: '${path}/model.safetensors'`) }),
    'model-unreadable',
  ],
  [
    'layers that are not complete',
    pod({ messages: ['failed to create containerd container: failed to stat parent: stat /x/48/fs: no such file or directory'] }),
    'image-broken',
  ],
  // Nothing of these is the snapshot's.
  [
    'another path than the one that is baked',
    pod({ container: { args: ['/opt/nothing'] }, logs: log(notFound.replace(path, '/opt/nothing')) }),
    undefined,
  ],
  ['another file than one of the model', pod({ logs: log("No such file or directory: '/etc/chat-template.jinja'") }), undefined],
  ['nothing mounted at the path', pod({ container: { volumeMounts: [] }, logs: log(notFound) }), undefined],
  [
    'an emptyDir over the path',
    { ...pod({ logs: log(notFound) }), spec: { ...pod({}).spec, volumes: [{ name: 'models', emptyDir: {} }] } },
    undefined,
  ],
  [
    'files of another format',
    pod({ container: { args: [path, '--load-format=mistral'] }, logs: log(`Cannot find any model weights with \`${path}\``) }),
    undefined,
  ],
  ['an argument that vLLM does not know', pod({ logs: log('vllm: error: unrecognized arguments: --max-len=1') }), undefined],
  ['memory of the GPU', pod({ logs: log('torch.OutOfMemoryError: CUDA out of memory.') }), undefined],
  ['an image that cannot be pulled', pod({ messages: ['Failed to pull image "vllm/vllm-openai:v1": 429 Too Many Requests'] }), undefined],
  [
    'layers of an image that is not baked',
    pod({ container: { image: 'vllm/vllm-openai:nightly' }, messages: ['failed to extract layer sha256:1'] }),
    undefined,
  ],
  [
    'a command that is not in the image',
    pod({ messages: ['failed to create containerd task: exec: "vlm": executable file not found in $PATH'] }),
    undefined,
  ],
  ['a deadline', pod({}), undefined],
])('%s', (_title, failed, cause) => {
  expect(findSnapshotFault(failed, snapshot)?.cause).toBe(cause)
})

test('nothing is held against a snapshot of which nothing is known', () => {
  expect(findSnapshotFault(pod({ logs: log(notFound) }), { ...snapshot, baked: undefined })).toBeUndefined()
})

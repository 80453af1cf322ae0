import type { SnapshotFaultCause } from '../../../../packages/rollout/src/explain/snapshot-fault.ts'

/** A pod of the shipped Deployment, on a node of its own kind, to which one thing was done. */
export interface Fault {
  /** Of the Deployment that has it. */
  readonly name: string
  /** Changes the pod's spec. `folder` is this fault's own copy of the models on the node; `revision` the model's folder below `hf-cache/hub`. */
  readonly change?: (spec: PodSpec, place: { readonly folder: string; readonly modelPath: string }) => void
  /** Run on the node before, in the fault's own copy of the models; `$MODEL` is the folder of the model's revision. */
  readonly onNode?: string
  /** A line that names the cause. */
  readonly explained: RegExp
  /** What is held against the snapshot; undefined: it is not the snapshot's fault. */
  readonly blamed?: SnapshotFaultCause
}

export interface Container {
  name: string
  image: string
  command: string[]
  args?: string[]
  env?: { name: string; value: string }[]
  resources: object
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[]
}

export interface PodSpec {
  nodeSelector: Record<string, string>
  terminationGracePeriodSeconds?: number
  containers: [Container, ...Container[]]
  volumes: { name: string; hostPath?: { path: string; type?: string } }[]
}

export const faults: readonly Fault[] = [
  {
    name: 'another-image-name',
    change: ({ containers: [vllm] }) => (vllm.image = vllm.image.replace(/\/vllm-openai-cpu[@:].*/, '/vllm-openai:v0.32.0')),
    explained: /(?:ErrImagePull|ImagePullBackOff|Failed): .*vllm-openai:v0\.32\.0/,
  },
  {
    name: 'no-models',
    onNode: 'rm -r "$MODELS"',
    explained: /FailedMount: .*hostPath type check failed: \S+ is not a directory/,
    blamed: 'volume-not-mountable',
  },
  {
    name: 'model-folder-empty',
    onNode: 'rm -r "$MODEL"/*',
    explained: /Unrecognized model in /,
    blamed: 'model-missing',
  },
  {
    name: 'wrong-revision',
    change: ({ containers: [vllm] }) =>
      (vllm.args = (vllm.args ?? []).map((each) => each.replace(/snapshots\/.*/, 'snapshots/0123456789'))),
    explained: /Repo id must be in the form .*snapshots\/0123456789'/,
  },
  {
    name: 'no-tokenizer',
    onNode: 'rm "$MODEL"/tokenizer*',
    // It names no file, and an image without the tokenizer's library says the same: no evidence against a snapshot.
    explained: /Couldn't instantiate the backend tokenizer/,
  },
  {
    name: 'weights-truncated',
    onNode:
      'for shard in "$MODEL"/*.safetensors; do cp --remove-destination "$(readlink -f "$shard")" "$shard"; truncate -s -1000 "$shard"; done',
    explained: /SafetensorError/,
    blamed: 'model-unreadable',
  },
  {
    name: 'port-taken',
    change: ({ containers }) => {
      const [vllm] = containers
      const serve = 'import http.server; http.server.HTTPServer(("", 8000), http.server.BaseHTTPRequestHandler).serve_forever()'
      containers.push({ name: 'other', image: vllm.image, command: ['python3', '-c', serve], resources: {}, volumeMounts: [] })
    },
    explained: /\[Errno 98\].*address already in use/i,
  },
  {
    name: 'cache-read-only',
    change: ({ containers: [vllm] }) => vllm.volumeMounts.forEach((mount) => (mount.readOnly ||= mount.mountPath === '/cache')),
    explained: /Read-only file system: '\/cache/,
  },
  {
    name: 'out-of-memory',
    change: ({ containers: [vllm] }) => (vllm.resources = { limits: { memory: '400Mi' } }),
    explained: /OOMKilled/,
  },
]

/** A pod of the shipped Deployment, on a node of its own kind, to which one thing was done. */
export interface Fault {
  /** Of the Deployment that has it. */
  readonly name: string
  /** Changes the pod's spec. `folder` is this fault's own copy of the models on the node; `revision` the model's folder below `hf-cache/hub`. */
  readonly change?: (spec: PodSpec, place: { readonly folder: string; readonly modelPath: string }) => void
  /** Run on the node before, in the fault's own copy of the models; `$MODEL` is the folder of the model's revision. */
  readonly onNode?: string
  /** Run on a node of the pod's own, once its container runs there. */
  readonly whileRunning?: string
  /** The rule by which diagnose-startup names the cause, before all others. One that begins with `snapshot-` is held against the snapshot. */
  readonly cause: string
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
    cause: 'image-not-pulled',
  },
  {
    name: 'no-models',
    onNode: 'rm -r "$MODELS"',
    cause: 'snapshot-volume-not-mountable',
  },
  {
    name: 'model-folder-empty',
    onNode: 'rm -r "$MODEL"/*',
    cause: 'snapshot-model-missing',
  },
  {
    name: 'wrong-revision',
    change: ({ containers: [vllm] }) =>
      (vllm.args = (vllm.args ?? []).map((each) => each.replace(/snapshots\/.*/, 'snapshots/0123456789'))),
    cause: 'wrong-revision',
  },
  {
    name: 'no-tokenizer',
    onNode: 'rm "$MODEL"/tokenizer*',
    // It names no file, and an image without the tokenizer's library says the same: no evidence against a snapshot.
    cause: 'tokenizer-missing',
  },
  {
    name: 'weights-truncated',
    onNode:
      'for shard in "$MODEL"/*.safetensors; do cp --remove-destination "$(readlink -f "$shard")" "$shard"; truncate -s -1000 "$shard"; done',
    cause: 'snapshot-model-unreadable',
  },
  {
    name: 'port-taken',
    change: ({ containers }) => {
      const [vllm] = containers
      const serve = 'import http.server; http.server.HTTPServer(("", 8000), http.server.BaseHTTPRequestHandler).serve_forever()'
      containers.push({ name: 'other', image: vllm.image, command: ['python3', '-c', serve], resources: {}, volumeMounts: [] })
    },
    cause: 'port-taken',
  },
  {
    name: 'cache-read-only',
    change: ({ containers: [vllm] }) => vllm.volumeMounts.forEach((mount) => (mount.readOnly ||= mount.mountPath === '/cache')),
    cause: 'cache-read-only',
  },
  {
    name: 'out-of-memory',
    change: ({ containers: [vllm] }) => (vllm.resources = { limits: { memory: '400Mi' } }),
    cause: 'out-of-memory',
  },
  {
    name: 'volume-full',
    // All that is free, and then what a whole extent is too large for.
    whileRunning:
      'for size in $(($(stat -f -c "%a*%S" /mnt)/1024)) 64 4; do fallocate -l ${size}K /mnt/filler-$size || :; done; dd if=/dev/zero of=/mnt/filler bs=4k || :',
    cause: 'volume-full',
  },
]

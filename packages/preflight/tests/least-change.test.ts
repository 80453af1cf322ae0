import { expect, test } from '@jest/globals'
import { changeFiles, readManifests } from '@prebake/manifests'
import { leastChange } from '../src/index.ts'
import { goodSnapshot, shippedManifests } from './good-subject.ts'

const { baked } = goodSnapshot
if (baked === undefined) throw new Error('No record')
const adopted = { snapshotId: 'snap-0123456789abcdef0', record: baked, volumeSizeGiB: 150 }
const read = (text: string) => readManifests([{ path: 'a.yaml', text }], {})
const codes = (text: string) => leastChange(read(text), adopted).byHand.map(({ code, input }) => `${code} ${input}`)

const pod = (container: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: llm }
spec:
  selector: { matchLabels: { app: llm } }
  template:
    metadata: { labels: { app: llm } }
    spec:
      containers:
        - { name: vllm, image: 'x/vllm:1', command: [vllm, serve], ${container} }
      volumes: [{ name: cache, emptyDir: {} }]
`

test('what is shipped needs no model, image or mount', () => {
  const { changes, byHand } = leastChange(shippedManifests(), adopted)
  expect(byHand).toEqual([])
  expect(changes.map(({ path }) => path.at(-1))).toEqual(['prebake.dev/snapshot', 'prebake.dev/snapshot'])
})

test('a path that is not the baked one is replaced, and the name that clients use stays', () => {
  const text = pod('args: [/data/model, --port=8000]')
  const manifests = read(text)
  const { files } = changeFiles([{ path: 'a.yaml', text }], leastChange(manifests, adopted).changes)
  expect(files[0]?.text).toContain(`args: [${baked.modelPath}, --port=8000, --served-model-name=/data/model]`)
})

test.each<[code: string, text: string]>([
  ['other-model-served', pod('args: [owner/other]')],
  ['model-place-taken', pod(`args: [${baked.model}], volumeMounts: [{ name: cache, mountPath: /mnt/models }]`)],
  [
    'workload-not-read',
    'apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: { name: llm }\nspec: { predictor: { model: { modelFormat: { name: huggingface } } } }\n',
  ],
  [
    'auto-mode-without-snapshot',
    `apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: { name: gpu }\nspec: { template: { spec: { nodeClassRef: { group: eks.amazonaws.com, kind: NodeClass, name: gpu }, requirements: [] } } }\n---${pod(`args: [${baked.model}]`)}`,
  ],
])('left to the author: %s', (code, text) => {
  expect(codes(text)).toEqual([expect.stringMatching(new RegExp(`^${code} a\\.yaml:\\d+$`))])
})

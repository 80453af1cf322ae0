import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readManifests, type Manifest } from '../packages/manifests/src/index.ts'
import { preflight, type ClusterReader, type SnapshotDescription } from '../packages/preflight/src/index.ts'
import { median } from './median.ts'

const rounds = 9
const sets = 40
const limitSeconds = 0.5
const folder = join(import.meta.dirname, '../deploy/vllm')
const snapshotId = 'snap-0123456789abcdef0'
const modelPath = '/mnt/models/hf-cache/hub/models--a--b/snapshots/c'
const image = { name: 'docker.io/vllm/vllm-openai', tag: undefined, digest: `sha256:${'a'.repeat(64)}` }

const description: SnapshotDescription = {
  snapshotId,
  region: 'eu-west-1',
  state: 'completed',
  progress: 100,
  volumeSizeGiB: 150,
  encrypted: false,
  keyState: { value: undefined },
  fastRestoreZones: { value: [] },
  baked: {
    fingerprint: 'f',
    run: 'bench',
    model: 'a/b',
    commit: 'c',
    images: [image],
    modelPath,
    architecture: 'x86_64',
    bottlerocket: '1.57.0',
    kubernetes: '1.35',
    containerd: '2.3.1',
    verified: 'quick',
    rejected: undefined,
  },
}

/** A cluster without an object that answers at once, so that only our own work is measured. */
const cluster: ClusterReader = {
  address: 'https://cluster.test',
  version: () => Promise.resolve('v1.35.2'),
  discover: () => Promise.resolve({ namespaced: true }),
  get: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
}

/** The preflight of 200 documents: 40 sets of the shipped NodeClass, NodePool, Deployment and Service, each with a ConfigMap, and nothing remote. */
export async function preflightTime(): Promise<readonly string[]> {
  const manifests = Array.from({ length: sets }, (_, index) => setOf(index)).flat()
  const ports = { cluster, snapshots: { region: 'eu-west-1', describe: () => Promise.resolve(description) } }
  const times: number[] = []
  let found = 0
  // The first round warms up what is compiled.
  for (let round = 0; round <= rounds; round++) {
    const given = manifests.map((manifest) => ({ ...manifest }))
    const start = performance.now()
    const { findings } = await preflight({ manifests: given, snapshotId }, ports, new AbortController().signal)
    if (round > 0) times.push((performance.now() - start) / 1000)
    found = findings.length
  }
  return [
    `preflight of ${manifests.length} documents: ${median(times).toFixed(3)} s (at most ${limitSeconds}; median of ${rounds} rounds, ${found} findings)`,
  ]
}

function setOf(index: number): readonly Manifest[] {
  const files = ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml', 'service.yaml'].map((path) => ({
    path: `${index}/${path}`,
    text: readFileSync(join(folder, path), 'utf8').replaceAll(/\bvllm-\$|\bname: vllm$/gm, (text) => text.replace('vllm', `vllm${index}`)),
  }))
  const settings = { path: `${index}/configmap.yaml`, text: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings-${index} }\n` }
  const variables = {
    SNAPSHOT_ID: snapshotId,
    VOLUME_SIZE: '150Gi',
    NODE_ROLE: 'vllm-node',
    CLUSTER_NAME: 'demo',
    VLLM_IMAGE: `${image.name}@${image.digest}`,
    MODEL_PATH: modelPath,
    BOTTLEROCKET_VERSION: '1.69.0',
  }
  return readManifests([...files, settings], variables)
}

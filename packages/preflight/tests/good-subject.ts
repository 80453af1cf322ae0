import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { versions } from '@prebake/versions'
import { type KubernetesObject, type Manifest, readManifests } from '@prebake/manifests'
import { instanceTypeTable } from '../src/facts/instance-type-table.ts'
import type { SnapshotDescription } from '../src/index.ts'
import { judgeManifests } from '../src/judge-manifests.ts'
import { noFacts, type OutsideFacts, type PreflightSubject } from '../src/subject/subject.ts'

const folder = join(import.meta.dirname, '../../../deploy/vllm')
export const snapshotId = 'snap-0123456789abcdef0'
export const digest = `sha256:${'a'.repeat(64)}`
export const modelPath = '/mnt/models/hf-cache/hub/models--a--b/snapshots/c'
export const image = `docker.io/vllm/vllm-openai@${digest}`
const variables = {
  SNAPSHOT_ID: snapshotId,
  NODE_ROLE: 'vllm-node',
  CLUSTER_NAME: 'demo',
  VLLM_IMAGE: image,
  MODEL_PATH: modelPath,
  BOTTLEROCKET_VERSION: versions.bottlerocket,
  VOLUME_SIZE: '150Gi',
}

/** The shipped manifests, filled in, with the NodeClass's bare name (a changed spec would change its hash, and each place with it), each with the namespace that `defaultNamespaces` would give it. */
export function shippedManifests(files = ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml', 'service.yaml']): Manifest[] {
  const texts = files.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8').replaceAll('-${NODECLASS_HASH}', '') }))
  return readManifests(texts, variables).map((manifest) => {
    const { document } = manifest
    if (!['Deployment', 'Service'].includes(document.kind)) return manifest
    return { ...manifest, document: { ...document, metadata: { ...document.metadata, namespace: 'default' } } }
  })
}

/** A snapshot of which everything is as it should be for the shipped manifests. */
export const goodSnapshot: SnapshotDescription = {
  snapshotId,
  region: 'eu-west-1',
  state: 'completed',
  progress: 100,
  volumeSizeGiB: 150,
  encrypted: false,
  keyState: { value: undefined },
  fastRestoreZones: { value: [] },
  baked: {
    fingerprint: 'f'.repeat(64),
    run: 'prebake-1',
    model: 'a/b',
    commit: 'c',
    images: [{ name: 'docker.io/vllm/vllm-openai', tag: undefined, digest }],
    modelPath,
    architecture: 'x86_64',
    bottlerocket: versions.bottlerocket,
    kubernetes: versions.kubernetes,
    containerd: '2.3.1',
    verified: 'quick',
    rejected: undefined,
  },
}

const shipped = shippedManifests()

export interface Changes {
  /** Kind, path with slashes (`spec/blockDeviceMappings/1/ebs/iops`), value; undefined removes the field. */
  readonly set?: readonly (readonly [kind: string, path: string, value: unknown])[]
  readonly snapshot?: Partial<SnapshotDescription>
  readonly baked?: Partial<SnapshotDescription['baked']>
  readonly facts?: Partial<OutsideFacts>
  readonly subject?: Partial<PreflightSubject>
  /** Kinds to leave out of the manifests. */
  readonly without?: readonly string[]
  readonly add?: readonly KubernetesObject[]
}

export const onPod = (path: string, value: unknown): Changes => ({ set: [['Deployment', path, value]] })
export const onPool = (path: string, value: unknown): Changes => ({ set: [['NodePool', path, value]] })

/** The shipped manifests on a cluster and with a snapshot that fit them, with some changes. */
export function subjectWith({ set = [], snapshot, baked, facts, subject, without = [], add = [] }: Changes = {}): PreflightSubject {
  const manifests = shipped
    .filter(({ document }) => !without.includes(document.kind))
    .map((manifest) => ({
      ...manifest,
      document: set.filter(([kind]) => kind === manifest.document.kind).reduce(setField, manifest.document),
    }))
  const added = add.map((document, index): Manifest => ({ document, file: 'added.yaml', line: index + 1 }))
  const described = { ...goodSnapshot, ...snapshot, ...(baked && { baked: { ...goodSnapshot.baked!, ...baked } }) }
  return {
    manifests: [...manifests, ...added],
    snapshotId,
    cluster: { version: '1.36', region: 'eu-west-1' },
    facts: { ...noFacts, snapshot: { [snapshotId]: { value: described } }, ...facts },
    instanceTypes: instanceTypeTable,
    instanceTypeSource: 'a table',
    ...subject,
  }
}

/** `rule Kind name field` of each finding, all of them, and `rule: reason` of each that could not judge something. */
export function judge(changes: Changes) {
  const { findings, unchecked } = judgeManifests(subjectWith(changes))
  const open = unchecked.flatMap(({ reason, rules }) => rules.map((rule) => `${rule}: ${reason}`))
  return { findings, unchecked: open, lines: findings.map(({ rule, place }) => `${rule} ${place.object} ${place.field}`) }
}

function setField(document: KubernetesObject, [, path, value]: readonly [string, string, unknown]): KubernetesObject {
  const copy = JSON.parse(JSON.stringify(document)) as KubernetesObject
  const steps = path.split('/')
  const parent = steps.slice(0, -1).reduce<Record<string, unknown>>(
    (at, name) => {
      at[name] ??= {}
      return at[name] as Record<string, unknown>
    },
    copy as unknown as Record<string, unknown>,
  )
  const last = steps.at(-1) ?? ''
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

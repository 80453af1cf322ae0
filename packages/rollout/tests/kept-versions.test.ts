import { expect, test } from '@jest/globals'
import { servedBefore, type KubernetesObject } from '@prebake/manifests'
import { matchingVersion } from '../src/pause/matching-version.ts'
import { findServedBefore } from '../src/plan/find-served-before.ts'
import type { PlannedApply } from '../src/plan/planned-apply.ts'
import { findWorkloadKind } from '../src/workload/find-workload-kind.ts'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'

const { signal } = new AbortController()
const label = 'prebake.dev/nodeclass'
const podOf = (version: string) => ({ nodeSelector: { [label]: version }, containers: [{ name: 'vllm', image: `vllm:${version}` }] })
type Fields = Readonly<Record<string, unknown>>

/** How each kind says what its pods are made from, and how its controller keeps earlier versions of that. */
const template = (version: string, more = {}) => ({ metadata: { labels: { app: 'llm', ...more } }, spec: podOf(version) })
const revision = (spec: Fields, number: number) => ({ kind: 'ControllerRevision', revision: number, data: { spec } })
const replaced = (fields: Fields) => ({ $patch: 'replace', ...fields })
const groups = (version: string) => ({ size: 2, workerTemplate: { spec: podOf(version) } })
const set = (annotation: string, hash: string, version: string, number: number) => ({
  kind: 'ReplicaSet',
  annotations: { [annotation]: String(number) },
  spec: { template: template(version, { [hash]: `hash-${number}` }) },
})
const kinds: Readonly<
  Record<
    string,
    { readonly apiVersion: string; readonly spec: (version: string) => Fields; readonly kept: (version: string, number: number) => Fields }
  >
> = {
  Deployment: {
    apiVersion: 'apps/v1',
    spec: (version) => ({ template: template(version) }),
    kept: (version, number) => set('deployment.kubernetes.io/revision', 'pod-template-hash', version, number),
  },
  StatefulSet: {
    apiVersion: 'apps/v1',
    spec: (version) => ({ template: template(version) }),
    kept: (version, number) => revision({ template: replaced(template(version)) }, number),
  },
  LeaderWorkerSet: {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    spec: (version) => ({ leaderWorkerTemplate: groups(version) }),
    kept: (version, number) => revision({ leaderWorkerTemplate: replaced(groups(version)) }, number),
  },
  Rollout: {
    apiVersion: 'argoproj.io/v1alpha1',
    spec: (version) => ({ template: template(version) }),
    kept: (version, number) => set('rollout.argoproj.io/revision', 'rollouts-pod-template-hash', version, number),
  },
}

const workload = (kind: string, version: string): KubernetesObject => ({
  apiVersion: kinds[kind]?.apiVersion ?? '',
  kind,
  metadata: { name: 'llm', namespace: 'default', uid: 'u1', generation: 3 },
  spec: { replicas: 1, ...kinds[kind]?.spec(version) },
  status: {},
})
const pool = (version: string, annotations: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm', annotations },
  spec: poolSpec(version),
})
const poolSpec = (version: string) => ({ template: { metadata: { labels: { [label]: version } } } })
const planned = (document: KubernetesObject, before: KubernetesObject): PlannedApply => ({
  manifest: { document, file: 'x.yaml', line: 1 } as unknown as PlannedApply['manifest'],
  before,
  after: document,
  changes: true,
})

async function withVersions(kind: string, versions: readonly string[]) {
  const cluster = await testCluster()
  for (const [index, version] of versions.entries()) {
    const { kind: kept, annotations, ...fields } = (kinds[kind]?.kept(version, index + 1) ?? {}) as Fields & { kind: string }
    const metadata = {
      name: `llm-${index}`,
      namespace: 'default',
      ownerReferences: [{ apiVersion: kinds[kind]?.apiVersion, kind, name: 'llm', uid: 'u1' }],
      ...(annotations === undefined ? {} : { annotations }),
    }
    cluster.add({ apiVersion: 'apps/v1', kind: kept, metadata, ...fields } as unknown as KubernetesObject)
  }
  return cluster
}

test.each(Object.keys(kinds))('%s: what its controller keeps, the newest first, as its manifest would say it', async (kind) => {
  const cluster = await withVersions(kind, ['a', 'b', 'c'])
  const found = findWorkloadKind(workload(kind, 'c'))
  const versions = await found?.versionsOf(workload(kind, 'c'), cluster, signal)
  expect(versions).toEqual(['c', 'b', 'a'].map((version) => kinds[kind]?.spec(version)[found?.versioned ?? '']))
})

test.each(Object.keys(kinds))(
  '%s: after a rollout that was lost with its `post`, a rollback goes back to what served before that',
  async (kind) => {
    const cluster = await withVersions(kind, ['a', 'b'])
    const left = pool('b', { 'prebake.dev/held': 'lost', [servedBefore]: JSON.stringify(poolSpec('a')) })
    const plan = [planned(pool('c'), left), planned(workload(kind, 'c'), workload(kind, 'b'))]
    const [first, second] = await findServedBefore(plan, { cluster, reporter: recordingReporter() }, signal)
    expect(first).toMatchObject({ before: { spec: poolSpec('a') }, found: { spec: poolSpec('b') } })
    expect(second).toMatchObject({ before: { spec: kinds[kind]?.spec('a') }, found: { spec: kinds[kind]?.spec('b') } })
  },
)

test.each(Object.keys(kinds))('%s: a NodePool belongs with it by the label that its pods select', (kind) => {
  const readBack = (now: string) => {
    const [old, made] = [workload(kind, 'a'), workload(kind, 'b')]
    return { ...planned(made, old), live: workload(kind, now), version: now === 'a' ? ('before' as const) : ('after' as const) }
  }
  const switched = { ...planned(pool('b'), pool('a')), live: pool('b'), version: 'after' as const }
  expect(matchingVersion(switched, [readBack('a')], 'after')).toBe('before')
  expect(matchingVersion(switched, [readBack('b')], 'before')).toBe('after')
})

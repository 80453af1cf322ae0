import { createHash } from 'node:crypto'
import type { Cluster } from '../cluster.ts'
import type { Ec2NodeClass, NodeClaim, NodePool } from './objects.ts'
import { conditionOf, isTrue, setCondition } from '../set-condition.ts'

const poolHash = 'karpenter.sh/nodepool-hash'
const classHash = 'karpenter.k8s.aws/ec2nodeclass-hash'

/** What a NodeClaim remembers of that from which it was made, as annotations: another hash later, and it has drifted. */
export function driftHashes(pool: NodePool | undefined, nodeClass: Ec2NodeClass | undefined): Record<string, string> {
  return {
    // Of the template alone: budgets and limits are `hash:"ignore"`, nodeClassRef and labels are not (karpenter pkg/apis/v1/nodepool.go).
    ...(pool && { [poolHash]: digest(pool.spec.template) }),
    ...(nodeClass && { [classHash]: digest(nodeClass.spec) }),
  }
}

/** Keeps the hashes of what nodes are made from on NodePools and classes, as Karpenter's hash controllers do a moment after each change. */
export function writeHashes({ store }: Cluster): void {
  const write = (object: Ec2NodeClass | NodePool, hashes: Record<string, string>) =>
    store.update(object, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, ...hashes }
    })
  for (const nodeClass of store.list<Ec2NodeClass>('EC2NodeClass')) write(nodeClass, driftHashes(undefined, nodeClass))
  for (const pool of store.list<NodePool>('NodePool')) write(pool, driftHashes(pool, undefined))
}

/** Sets and takes away the condition Drifted of every NodeClaim that is a node (karpenter pkg/controllers/nodeclaim/disruption/drift.go). */
export function markDrifted({ store, agenda }: Cluster): void {
  for (const claim of store.list<NodeClaim>('NodeClaim')) {
    if (!isTrue(claim, 'Launched')) continue
    const reason = driftOf(claim, store)
    if (conditionOf(claim, 'Drifted')?.reason === reason) continue
    store.update(claim, (draft) => {
      if (reason === undefined) draft.status.conditions = draft.status.conditions.filter(({ type }) => type !== 'Drifted')
      else
        setCondition(draft.status.conditions, agenda.now(), {
          type: 'Drifted',
          status: 'True',
          reason,
          message: reason,
          observedGeneration: 1,
        })
    })
  }
}

function driftOf({ metadata, spec }: NodeClaim, store: Cluster['store']): string | undefined {
  const pool = store.get<NodePool>('NodePool', metadata.labels?.['karpenter.sh/nodepool'] ?? '')
  const now = driftHashes(pool, store.get<Ec2NodeClass>('EC2NodeClass', spec.nodeClassRef.name))
  const differs = (key: string) => now[key] !== undefined && now[key] !== metadata.annotations?.[key]
  return differs(poolHash) ? 'NodePoolDrifted' : differs(classHash) ? 'NodeClassDrift' : undefined
}

const digest = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16)

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}

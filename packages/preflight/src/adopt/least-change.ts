import type { Problem } from '@prebake/kernel'
import { titleOf, type FieldChange, type Manifest } from '@prebake/manifests'
import { isAutoMode, nodeClassNameOf } from '../subject/node-pools.ts'
import { placementsOf } from '../subject/placements.ts'
import { podTemplatesOf } from '../subject/pod-templates.ts'
import { serveArguments } from '../subject/serve-arguments.ts'
import { noFacts } from '../subject/subject.ts'
import { unknownWorkloads } from '../subject/unknown-workloads.ts'
import type { AdoptErrorCode } from './error-codes.ts'
import { changeNodeClass } from './node-class-changes.ts'
import { changeServer } from './server-changes.ts'
import { snapshotLabel, type Adopted, type LeastChange } from './adopted.ts'

/**
 * The least that a user's own set of manifests needs so that vLLM's pods start from a snapshot: the snapshot on the data volume of their
 * EC2NodeClass, a label on the nodes that have it, which the pods select, and the baked folder and image in the pods. Names, NodePools, replicas, probes
 * and everything else stay. Nothing is changed where the set needs nothing.
 */
export function leastChange(manifests: readonly Manifest[], adopted: Adopted): LeastChange {
  const subject = { manifests, facts: noFacts, snapshotId: undefined }
  const manifestOf = (object: Manifest['document']) => manifests.find(({ document }) => document === object)
  const placements = placementsOf(subject)
  const changes = new Map<string, FieldChange>()
  const byHand: Problem[] = []
  const add = (more: readonly FieldChange[]) => {
    for (const change of more) changes.set(JSON.stringify([change.manifest.file, change.manifest.line, change.path]), change)
  }
  for (const pod of podTemplatesOf(subject)) {
    const servers = pod.containers.filter(({ role, fields }) => role !== 'init' && serveArguments(fields) !== undefined)
    const manifest = manifestOf(pod.object)
    if (servers.length === 0 || manifest === undefined) continue
    const pools = placements.filter((placement) => placement.pod === pod).map(({ pool }) => pool)
    for (const server of servers) {
      const changed = changeServer(manifest, pod, server, adopted)
      add(changed.changes)
      byHand.push(...changed.byHand)
    }
    for (const pool of pools) {
      const ofPool = manifestOf(pool.object)
      const nodeClass = manifests.find(
        ({ document }) => document.kind === 'EC2NodeClass' && document.metadata.name === nodeClassNameOf(pool),
      )
      if (isAutoMode(pool)) byHand.push(autoMode(pool.source, titleOf(pool.object)))
      if (nodeClass === undefined || ofPool === undefined || isAutoMode(pool)) continue
      add(changeNodeClass(nodeClass, adopted))
      add([
        { manifest: ofPool, path: ['spec', 'template', 'metadata', 'labels', snapshotLabel], value: adopted.snapshotId },
        { manifest, path: [...pod.path.split('.'), 'nodeSelector', snapshotLabel], value: adopted.snapshotId },
      ])
    }
  }
  byHand.push(...unknownWorkloads(subject).map(({ source, object }) => notRead(source, titleOf(object), adopted)))
  return { changes: [...changes.values()], byHand }
}

function autoMode(input: string, title: string): Problem {
  const code = 'auto-mode-without-snapshot' satisfies AdoptErrorCode
  const wrong = `${title} refers to a NodeClass of EKS Auto Mode (eks.amazonaws.com), which cannot make volumes from a snapshot.`
  const remedy =
    'Run Karpenter beside Auto Mode for these pods, with an EC2NodeClass of karpenter.k8s.aws and a NodePool that refers to it.'
  return { code, input, wrong, remedy }
}

function notRead(input: string, title: string, { record: { modelPath }, snapshotId }: Adopted): Problem {
  const code = 'workload-not-read' satisfies AdoptErrorCode
  const wrong = `${title} makes its pods in a way of its own, which is not read here.`
  const remedy =
    `Give its pods, in the fields that it has for them, nodeSelector ${snapshotLabel}: ${snapshotId}, the volume hostPath /mnt/models (type Directory) mounted ` +
    `read-only there, and HF_HUB_OFFLINE=1${modelPath === undefined ? '' : ` with the model ${modelPath}`}.`
  return { code, input, wrong, remedy }
}

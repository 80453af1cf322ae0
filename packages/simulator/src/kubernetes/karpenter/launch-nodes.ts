import { instanceTypes } from '../../aws/instance-types.ts'
import { region } from '../../aws/account.ts'
import type { Cluster, DataVolume } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import type { Ec2NodeClass, NodeClaim } from './objects.ts'
import type { Condition } from '../objects.ts'
import { isReadyNow, isTrue, setCondition } from '../set-condition.ts'
import { bootNode } from './boot-node.ts'

/** Launches an instance for every new NodeClaim, and lets its node boot. */
export function launchNodes(cluster: Cluster): void {
  const { store, agenda } = cluster
  for (const { metadata, status } of store.list<NodeClaim>('NodeClaim')) {
    if (metadata.deletionTimestamp !== undefined || isTrue({ status }, 'Launched')) continue
    agenda.soon(`launch ${metadata.uid}`, delayOf(cluster, 'nodeLaunch', metadata.name), () => {
      const claim = store.get<NodeClaim>('NodeClaim', metadata.name)
      if (claim?.metadata.uid === metadata.uid && claim.metadata.deletionTimestamp === undefined) launch(cluster, claim)
    })
  }
}

function launch(cluster: Cluster, claim: NodeClaim): void {
  const { store, agenda, draws } = cluster
  const nodeClass = store.get<Ec2NodeClass>('EC2NodeClass', claim.spec.nodeClassRef.name)
  // Karpenter gives up a claim whose class is not ready, and plans again.
  if (!nodeClass || !isReadyNow(nodeClass)) return store.remove(claim)
  const labels = claim.metadata.labels ?? {}
  const zone = labels['topology.kubernetes.io/zone'] ?? `${region}a`
  const launched = store.update(claim, (draft) => {
    draft.status.providerID = `aws:///${zone}/i-${draws.hex(`instance ${claim.metadata.name}`, 17)}`
    draft.status.imageID = `ami-${draws.hex(`image of ${claim.spec.nodeClassRef.name}`, 17)}`
    draft.status.capacity = { ...draft.status.allocatable }
    const condition: Condition = { type: 'Launched', status: 'True', reason: 'Launched', message: '', observedGeneration: 1 }
    setCondition(draft.status.conditions, agenda.now(), condition)
  })
  const type = instanceTypes.find(({ name }) => name === labels['node.kubernetes.io/instance-type'])
  const ip = `172.31.${zone.endsWith('a') ? 0 : 16}.${10 + Math.floor(draws.number(`address ${claim.metadata.name}`) * 240)}`
  const machine = {
    volume: dataVolume(cluster, nodeClass, type?.ebsMbps[1] ?? 3500),
    gpuMemoryGiB: (type?.gpu?.memoryMiB ?? 0) / 1024,
    ip,
    images: new Set<string>(),
    compileCaches: new Set<string>(),
  }
  agenda.after(delayOf(cluster, 'nodeBoot', claim.metadata.name), () => bootNode(cluster, launched, machine))
}

/** Bottlerocket's data volume. EBS counts throughput in MiB/s, and gives gp3 125 where nothing is said; bandwidth of instances is in Mbit/s. */
function dataVolume({ snapshots, agenda }: Cluster, { spec }: Ec2NodeClass, ebsMbps: number): DataVolume {
  const devices = spec.blockDeviceMappings ?? []
  const { ebs } = devices.find(({ deviceName }) => deviceName === '/dev/xvdb') ?? {}
  const rate = ebs?.volumeInitializationRate
  return {
    fromSnapshot: ebs?.snapshotID !== undefined,
    flaw: snapshots().find(({ snapshotId }) => snapshotId === ebs?.snapshotID)?.spoiled,
    bytesPerSecond: Math.min((ebs?.throughput ?? 125) * 2 ** 20, (ebsMbps * 1e6) / 8),
    initializationBytesPerSecond: rate === undefined ? undefined : rate * 2 ** 20,
    attachedAt: agenda.now(),
  }
}

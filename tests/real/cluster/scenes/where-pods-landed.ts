import type { Scene } from './start-scene.ts'

/** A pod, the snapshot that its template wants, and the one that its node's volume was made from. */
export interface Volume {
  readonly pod: string
  readonly wanted: string | undefined
  readonly got: string | undefined
}

interface NodeClass {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly blockDeviceMappings: readonly { readonly ebs: { readonly snapshotID?: string } }[] }
}

/** Every pod that ever landed on a node, by what EC2 launched for it and not by any label. */
export async function wherePodsLanded({ plane, seen }: Scene): Promise<readonly Volume[]> {
  const classes = await plane.api.list<NodeClass>('/apis/karpenter.k8s.aws/v1/ec2nodeclasses')
  const snapshots = new Map(classes.map(({ metadata, spec }) => [metadata.name, spec.blockDeviceMappings[1]?.ebs.snapshotID]))
  return [...seen.landings.values()].map(({ pod, wanted, node }) => ({
    pod,
    // A name that holds the snapshot's ID tells it itself.
    wanted: /snap-[0-9a-f]+/.exec(wanted)?.[0] ?? snapshots.get(wanted),
    // The stand-in for the kubelet names a node after its instance.
    got: plane.aws.launches.get(node)?.snapshotId,
  }))
}

/** Those that are on another snapshot than they asked for, or of which it is unknown. */
export async function misplaced(scene: Scene): Promise<readonly Volume[]> {
  return (await wherePodsLanded(scene)).filter(({ wanted, got }) => wanted === undefined || got !== wanted)
}

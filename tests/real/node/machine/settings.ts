import { stringify } from 'yaml'

/** The image of sandboxes, as Bottlerocket names it. */
export const pauseImage = 'localhost/kubernetes/pause:0.1.0'

/** containerd's configuration, version 3. `folder` is the node's. */
export function containerdSettings(folder: string): string {
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins.'io.containerd.cri.v1.runtime']
  # Lowering it needs CAP_SYS_RESOURCE, which not every root has.
  restrict_oom_score_adj = true
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "${folder}/cni"
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "${pauseImage}"
[plugins.'io.containerd.cri.v1.images'.registry]
  config_path = "${folder}/registries"
`
}

/** One bridge for each node: pods of different nodes have nothing to say to each other. */
export function networkSettings(index: number): string {
  const ipam = { type: 'host-local', ranges: [[{ subnet: `10.88.${index}.0/24` }]], routes: [{ dst: '0.0.0.0/0' }] }
  const plugins = [{ type: 'bridge', bridge: `cni${index}`, isGateway: true, ipMasq: false, ipam }, { type: 'loopback' }]
  return JSON.stringify({ cniVersion: '1.0.0', name: 'pods', plugins })
}

export interface KubeletPlace {
  readonly address: string
  readonly authority: string
  readonly cgroupRoot: string
  readonly providerId: string
  readonly taints: readonly object[]
  /** Other fields of KubeletConfiguration. */
  readonly more?: object
}

/** KubeletConfiguration (kubelet.config.k8s.io/v1beta1) of a node. */
export function kubeletSettings({ address, authority, cgroupRoot, providerId, taints, more }: KubeletPlace): string {
  return stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address,
    providerID: providerId,
    registerWithTaints: taints,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: authority } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    // Each node has its part of this machine's cgroups.
    cgroupRoot,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    // Each pod would have a warning without them; nothing answers there.
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    healthzPort: 0,
    makeIPTablesUtilChains: false,
    evictionHard: { 'nodefs.available': '1%', 'imagefs.available': '1%', 'memory.available': '100Mi' },
    nodeStatusUpdateFrequency: '2s',
    nodeStatusReportFrequency: '2s',
    serializeImagePulls: false,
    ...more,
  })
}

const amazon = [
  'capacity-reservation-id',
  'capacity-reservation-type',
  'capacity-reservation-interruptible',
  'instance-hypervisor',
  'instance-encryption-in-transit-supported',
  'nitro-sandbox',
  'instance-category',
  'instance-capability-flex',
  'instance-family',
  'instance-generation',
  'instance-size',
  'instance-local-nvme',
  'instance-cpu',
  'instance-cpu-manufacturer',
  'instance-cpu-sustained-clock-speed-mhz',
  'instance-memory',
  'instance-ebs-bandwidth',
  'instance-network-bandwidth',
  'instance-gpu-name',
  'instance-gpu-manufacturer',
  'instance-gpu-count',
  'instance-gpu-memory',
  'instance-accelerator-name',
  'instance-accelerator-manufacturer',
  'instance-accelerator-count',
  'instance-tenancy',
  'placement-group-id',
  'placement-group-partition',
].map((name) => `karpenter.k8s.aws/${name}`)

/** Labels by which pods may select nodes although the domain is Karpenter's own (WellKnownLabels of Karpenter v1.14, core and AWS provider). */
const wellKnown = new Set([
  ...amazon,
  'karpenter.sh/nodepool',
  'karpenter.sh/capacity-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'topology.k8s.aws/zone-id',
  'node.kubernetes.io/instance-type',
  'node.kubernetes.io/windows-build',
  'kubernetes.io/arch',
  'kubernetes.io/os',
])

/** Older names, which Karpenter reads as the well-known ones. */
const normalized: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
}

/** EKS Auto Mode has labels of its own for what Karpenter's say (EKS user guide, "Create a node pool for EKS Auto Mode"). */
const autoModeDomain = 'eks.amazonaws.com/instance-'

/**
 * The name by which Karpenter knows the label.
 * @param isAutoMode whether the nodes are EKS Auto Mode's.
 */
export function normalizeLabel(key: string, isAutoMode = false): string {
  if (isAutoMode && key.startsWith(autoModeDomain)) return `karpenter.k8s.aws/instance-${key.slice(autoModeDomain.length)}`
  return normalized[key] ?? key
}

export function isWellKnown(key: string): boolean {
  return wellKnown.has(normalizeLabel(key))
}

/**
 * Whether Karpenter ignores every pod that selects nodes by this label: it is in one of Karpenter's own domains and not well known. Karpenter itself
 * labels nodes so, and its documentation lists some (`karpenter.k8s.aws/ec2nodeclass`), but its provisioner refuses such a pod.
 */
export function isRefusedByKarpenter(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : ''
  const restricted = ['karpenter.sh', 'karpenter.k8s.aws'].some((own) => domain === own || domain.endsWith(`.${own}`))
  return restricted && !isWellKnown(key)
}

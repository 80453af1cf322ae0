import type { TextRule } from './text-rule.ts'

const says = ['event', 'condition', 'status'] as const
const rule = (id: string, pattern: RegExp, cause: string, remedy: string, check: string, source: string): TextRule => ({
  id,
  symptom: 'pending',
  kinds: says,
  pattern,
  cause,
  remedy,
  check,
  source,
})

const events = 'kubectl get events --all-namespaces --field-selector type=Warning --sort-by .lastTimestamp'
const claims = 'kubectl describe nodeclaims'

export const pendingRules: readonly TextRule[] = [
  rule(
    'restricted-label',
    /label .* is restricted|restricted label/,
    'The pod selects a label that Karpenter does not let pods select, so that it stays Pending for ever.',
    'Select a label of your own, which the NodePool puts on its nodes (`spec.template.metadata.labels`), such as `prebake.dev/nodeclass`.',
    "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.nodeSelector}'",
    'karpenter pkg/apis/v1/labels.go: IsRestrictedLabel',
  ),
  rule(
    'node-disk-pressure',
    /node\.kubernetes\.io\/disk-pressure/,
    'The node’s data volume is nearly full, and its kubelet accepts no pods until there is room.',
    'Give the volume more room: `volumeSize` of `/dev/xvdb` in the EC2NodeClass, and let Karpenter replace the node.',
    "kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints[*].key'",
    'kubernetes pkg/controller/nodelifecycle; held by tests/real/node',
  ),
  rule(
    'untolerated-taint',
    /did not tolerate |untolerated taint/,
    'Every node, or every NodePool, has a taint that the pod does not tolerate.',
    'Add the toleration to the pod template, such as `nvidia.com/gpu` with `operator: Exists`.',
    "kubectl get nodepools -o jsonpath='{.items[*].spec.template.spec.taints}'",
    'karpenter-provider-aws#7574; kube-scheduler TaintToleration',
  ),
  rule(
    'nodepool-limits',
    /exceed limits for nodepool|limit exceeded for nodepool|would exceed .*limits/i,
    'The NodePool is at its limits.',
    'Raise `spec.limits` of the NodePool. A rolling update needs room for one more pod than there are replicas.',
    "kubectl get nodepools -o custom-columns='POOL:.metadata.name,LIMITS:.spec.limits,USED:.status.resources'",
    'kubernetes-sigs/karpenter#2123',
  ),
  rule(
    'gpu-quota',
    /VcpuLimitExceeded|MaxSpotInstanceCountExceeded|vCPU limit of|quota.*(?:instances|vCPU)/i,
    "The account's quota of GPU instances is used up.",
    'Request a higher quota in Service Quotas: "Running On-Demand G and VT instances" counts vCPUs, and Spot has a quota of its own.',
    'aws service-quotas get-service-quota --service-code ec2 --quota-code L-DB2E81BA',
    'EC2 API reference, "Error codes"',
  ),
  rule(
    'initialization-quota',
    /initialization.?rate.*(?:quota|limit|exceed)|(?:quota|limit).*initialization.?rate/i,
    'The region’s quota of 5,000 MiB/s for initialization rates is used up by volumes that are being filled.',
    'Start fewer nodes at once, or lower `volumeInitializationRate`, or raise the quota "Cumulative volume initialization rate".',
    claims,
    'EBS user guide, quota of 5,000 MiB/s; EC2’s words are believed',
  ),
  rule(
    'snapshot-not-there',
    /InvalidSnapshot\.NotFound|InvalidSnapshotID|snapshot '?snap-[0-9a-f]+'? does not exist/,
    'The snapshot that the EC2NodeClass names is not in this account and region, or not shared with it.',
    'Give the ID of a snapshot of this region, such as the output of build-snapshot; copy one of another region with `aws ec2 copy-snapshot`.',
    'aws ec2 describe-snapshots --snapshot-ids SNAPSHOT_ID',
    'EC2 API reference, "Error codes"',
  ),
  rule(
    'kms-denied',
    /KMSKeyNotAccessible|InvalidKmsKey|InvalidKMSKey|kms:\w+|Client\.InternalError: Client error on launch/,
    'Karpenter, or EBS on its behalf, may not use the KMS key of the snapshot.',
    'Give Karpenter’s controller role kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt* on the key.',
    'aws ec2 describe-snapshots --snapshot-ids SNAPSHOT_ID --query "Snapshots[].KmsKeyId"',
    'EC2 user guide, "Instance terminates immediately"',
  ),
  rule(
    'permission-missing',
    /UnauthorizedOperation|AccessDenied|is not authorized to perform/,
    'Karpenter lacks a permission in IAM.',
    'Add the permission that the line names to Karpenter’s controller role; for `iam:PassRole`, on the role of the EC2NodeClass.',
    'kubectl logs -n kube-system -l app.kubernetes.io/name=karpenter --tail=50',
    'EC2 API reference, "Error codes"',
  ),
  rule(
    'no-capacity',
    /InsufficientInstanceCapacity|InsufficientCapacity|insufficient capacity|UnfulfillableCapacity|all requested instance types were unavailable/i,
    'EC2 has no instance of the allowed types in the allowed zones right now.',
    'Allow more instance types, zones or capacity types in the NodePool, or reserve capacity.',
    claims,
    'karpenter pkg/events/reason.go: InsufficientCapacityError; EC2 API reference',
  ),
  rule(
    'gpu-not-allocatable',
    /Resource "?nvidia\.com\/gpu"? was requested but not registered|ResourceNotRegistered|Insufficient nvidia\.com\/gpu/,
    'A node is there, but its GPU is not allocatable, or is taken.',
    'Check that the AMI is a variant with NVIDIA drivers, and that its device plugin runs; on Bottlerocket it is built in, so that a reboot of the node helps where it did not start.',
    "kubectl get nodes -o custom-columns='NODE:.metadata.name,GPU:.status.allocatable.nvidia\\.com/gpu'",
    'karpenter pkg/controllers/nodeclaim/lifecycle/initialization.go; kube-scheduler NodeResourcesFit',
  ),
  rule(
    'no-nodepool-fits',
    /does not have known values|incompatible requirements|no instance type satisfied|no nodepools? found|didn't match Pod's node affinity\/selector/,
    'No NodePool makes nodes on which this pod may run.',
    'Compare the pod’s node selector, affinity and requests with the requirements and labels of the NodePool: one of them names what no NodePool has.',
    events,
    'karpenter-provider-aws#7535; kube-scheduler NodeAffinity',
  ),
  rule(
    'node-class-not-ready',
    /NodeClassNotReady|NodeClass.*(?:not ready|is not Ready)|ValidationSucceeded|SecurityGroupsNotFound|SubnetsNotFound|AMINotFound|AMIsNotFound|InstanceProfileNotReady/i,
    'The EC2NodeClass is not Ready, so that Karpenter launches nothing from it.',
    'Fix what its condition names: role, subnets, security groups, AMI or block devices.',
    'kubectl describe ec2nodeclasses',
    'karpenter-provider-aws pkg/apis/v1/ec2nodeclass_status.go',
  ),
]

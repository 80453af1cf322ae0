/** Karpenter sets it on every node from the NodeClaim's nodeClassRef (pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go), so it cannot lie. */
export const nodeClassLabel = 'karpenter.k8s.aws/ec2nodeclass'
export const nodePoolLabel = 'karpenter.sh/nodepool'

/**
 * On an EC2NodeClass and a NodePool a hash of what their nodes are made from, kept by Karpenter; on a NodeClaim those of the objects that it was made
 * from (designs/drift.md). Selector terms are left out of the first, budgets and limits out of the second.
 */
export const nodeClassHash = 'karpenter.k8s.aws/ec2nodeclass-hash'
export const nodePoolHash = 'karpenter.sh/nodepool-hash'

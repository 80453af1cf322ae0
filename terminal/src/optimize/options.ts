import { projectDefaults } from './project-defaults.ts'

/** Options of the programs that work on one cluster, and what each means. */
export const clusterOptions = {
  kubeconfig: { type: 'string' },
  'cluster-name': { type: 'string' },
  region: { type: 'string' },
  namespace: { type: 'string' },
  deployment: { type: 'string' },
} as const

export const explainCluster: Readonly<Record<keyof typeof clusterOptions, string>> = {
  kubeconfig: 'Kubeconfig file. Default: KUBECONFIG, else ~/.kube/config; its current context is the cluster.',
  'cluster-name': 'Name of the EKS cluster, by which Karpenter finds its subnets. Default: what the kubeconfig says.',
  region: 'AWS region. Default: what the kubeconfig says, else AWS_REGION.',
  namespace: 'Namespace of the Deployment. Default: default.',
  deployment: 'Name of the Deployment that serves. Default: vllm.',
}

export const optimizeOptions = {
  ...clusterOptions,
  model: { type: 'string' },
  'node-role': { type: 'string' },
  'instance-profile': { type: 'string' },
  'subnet-id': { type: 'string' },
  'security-group-ids': { type: 'string' },
  manifests: { type: 'string' },
  'snapshot-id': { type: 'string' },
  build: { type: 'string', multiple: true },
  rollout: { type: 'string', multiple: true },
  'force-conflicts': { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

export const explainOptimize: Readonly<Record<keyof typeof optimizeOptions, string>> = {
  ...explainCluster,
  model: `Model to bake. Default: ${projectDefaults.model}.`,
  'node-role': 'IAM role of the GPU nodes. Default: the one of the EC2NodeClasses in the cluster.',
  'instance-profile': `Instance profile of the builder. Default: ${projectDefaults.instanceProfile}, which \`make setup-infra\` makes.`,
  'subnet-id': 'Subnet of the builder. Default: a default subnet of the default VPC.',
  'security-group-ids': 'Security groups of the builder, separated by commas. Default: the default group of the VPC.',
  manifests: `Files or folders to roll out, separated by commas. Default: ${projectDefaults.manifests}.`,
  'snapshot-id': 'Rolls out this snapshot, and bakes nothing.',
  build: 'Any other input of build-snapshot, as name=value. May be given again.',
  rollout: 'Any other input of apply-manifests, as name=value. May be given again.',
  'force-conflicts': 'Takes over fields that another tool set on the same objects, such as kubectl.',
  'dry-run': 'Checks everything that can be checked, shows what would be done, and changes nothing.',
  yes: 'Asks nothing: takes what is found, and fails where something is missing.',
}

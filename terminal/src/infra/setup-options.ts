import { explainOptimize, optimizeOptions } from '../optimize/options.ts'

export const setupOptions = {
  ...optimizeOptions,
  existing: { type: 'boolean' },
  github: { type: 'string' },
  'github-ids': { type: 'string' },
  'infra-only': { type: 'boolean' },
} as const

export const explainSetup: Readonly<Record<keyof typeof setupOptions, string>> = {
  ...explainOptimize,
  'cluster-name': 'Name of the new EKS cluster. Default: prebake.',
  region: 'AWS region. Default: AWS_REGION.',
  existing: 'Makes no cluster, only the roles for the one of the kubeconfig.',
  github: 'Repository of the workflows, owner/name, or none. Default: the remote origin.',
  'github-ids':
    "IDs of its owner and of itself, ownerId/repositoryId, where its tokens have them (gh api repos/OWNER/REPO --jq '.owner.id, .id').",
  'infra-only': 'Stops before optimize-vllm.',
}

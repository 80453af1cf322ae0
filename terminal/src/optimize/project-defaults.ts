/** What the project's documents and manifests use by default. */
export const projectDefaults = {
  model: 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ',
  instanceProfile: 'prebake-builder',
  manifests: 'deploy/vllm',
  deployment: 'vllm',
  namespace: 'default',
} as const

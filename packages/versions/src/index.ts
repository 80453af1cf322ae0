/**
 * The releases that are baked and shipped by default: current, patched, and known to fit together. They are named here alone; `pnpm versions` writes them into
 * action.yml, manifests and documents, and `pnpm test` holds those to them.
 */
export const versions = {
  /** On PyPI since 2026-11-02; the image has the same tag. */
  vllm: '0.33.0',
  /** Of 2026-11-10, with containerd 2.3 in every variant. The builder and the shipped NodeClass run the same: nodes must not be older than the builder. */
  bottlerocket: '1.69.0',
  /** In standard support by EKS until 2027-03-27. */
  kubernetes: '1.35',
} as const

export const vllmImage = `docker.io/vllm/vllm-openai:v${versions.vllm}`

/** `HF_HOME` on the nodes: the root of the cache layout of Hugging Face's own client. */
export const hfHome = '/mnt/models/hf-cache'

/** Where a pod finds the model: the snapshot folder of Hugging Face's cache layout (Hub documentation, "Understand caching"). */
export function modelPath(model: string, commit: string): string {
  return `${hfHome}/hub/models--${model.replaceAll('/', '--')}/snapshots/${commit}`
}

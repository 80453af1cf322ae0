import type { KubernetesObject } from './kubernetes/kubernetes-object.ts'

export interface ManifestFile {
  /** For messages. */
  readonly path: string
  readonly text: string
}

/** One document of a manifest file, with its variables filled in. */
export interface Manifest {
  readonly document: KubernetesObject
  /** As it was given, relative to the workspace. */
  readonly file: string
  /** Where the document begins, from 1. */
  readonly line: number
}

/** `deploy/vllm/nodepool.yaml:3`. */
export function placeOf({ file, line }: Manifest): string {
  return `${file}:${line}`
}

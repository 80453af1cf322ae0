import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What makes manifests of a folder's files. */
export type BuilderKind = 'kustomize' | 'helm'

/** Names that kustomize takes (`konfig.RecognizedKustomizationFileNames`). */
const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
const chart = 'Chart.yaml'

/** The folder's builder, by the file that marks it; undefined for one with plain manifests. */
export function builderOf(folder: string): BuilderKind | undefined {
  if (kustomizations.some((name) => existsSync(join(folder, name)))) return 'kustomize'
  return existsSync(join(folder, chart)) ? 'helm' : undefined
}

/** The folder that such a file marks, where the file itself is named. */
export function folderMarkedBy(file: string): string | undefined {
  const name = basename(file)
  return name === chart || kustomizations.includes(name) ? dirname(file) : undefined
}

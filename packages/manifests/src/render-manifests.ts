import { stringify } from 'yaml'
import type { Manifest, ManifestFile } from './manifest.ts'

/**
 * The manifests as files again, filled in: for whoever else applies them. Texts that a parser of YAML 1.1 (kubectl's, Argo CD's) would take for something
 * else are quoted.
 * @returns the files by their paths below the folder that all of them share.
 */
export function renderManifests(manifests: readonly Manifest[]): readonly ManifestFile[] {
  const shared = sharedFolder(manifests.map(({ file }) => file))
  const files = new Map<string, string[]>()
  for (const { document, file } of manifests) {
    const path = file.slice(shared.length).replace(/\.json$/, '.yaml')
    files.set(path, [...(files.get(path) ?? []), stringify(document, { version: '1.1', lineWidth: 0 })])
  }
  return [...files].map(([path, texts]) => ({ path, text: texts.join('---\n') }))
}

/** With a slash at its end; empty when there is none. */
function sharedFolder(paths: readonly string[]): string {
  const [first = ''] = paths
  const folders = first.split('/').slice(0, -1)
  const shared = folders.findIndex((_, index) => !paths.every((path) => path.startsWith(`${folders.slice(0, index + 1).join('/')}/`)))
  const kept = shared === -1 ? folders : folders.slice(0, shared)
  return kept.length === 0 ? '' : `${kept.join('/')}/`
}

import type { ManifestFile } from '../manifest.ts'
import { fillVariables, type Filling } from './fill-variables.ts'
import { parseYaml } from './parse-yaml.ts'

/** Names of the variables that are used in the values of these files, whether they have a value or not. */
export function findPlaceholders(files: readonly ManifestFile[]): ReadonlySet<string> {
  const filling: Filling = { variables: {}, sources: {}, seen: new Set() }
  for (const { path, text } of files) for (const document of parseYaml(path, text)) fillVariables(document, filling)
  return filling.seen
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HubModel } from '@prebake/simulator/hub'

/** A model's folder as a repository of the hub. Weights are in LFS, as on the real one. */
export function hubModel(id: string, commit: string, folder: string): HubModel {
  const files = readdirSync(folder)
    .toSorted()
    .map((path) => {
      const source = join(folder, path)
      return { path, source, fullSize: statSync(source).size, lfs: path.endsWith('.safetensors') }
    })
  return { id, commit, gated: false, lastModified: '2026-10-01T00:00:00.000Z', files }
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runState } from '@prebake/action-kit'
import type { KubernetesObject } from '@prebake/manifests'

export interface HeldNodePools {
  /** Whose hold it is. */
  readonly run: string
  /** What ends it, when applied. */
  readonly documents: readonly KubernetesObject[]
}

const heldState = () => runState(['held'])

/** Writes down for `post` which NodePools are held by this run, in a file beside the state. When it returns, `post` will find it. */
export function saveHeld(held: HeldNodePools, env: NodeJS.ProcessEnv): void {
  const folder = env['RUNNER_TEMP'] || tmpdir()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `prebake-held-${held.run}.json`)
  writeFileSync(file, JSON.stringify(held), { mode: 0o600 })
  heldState().save({ held: file })
}

/** What `main` has left; undefined where no NodePool is held. */
export function readHeld(): HeldNodePools | undefined {
  const { held } = heldState().read()
  if (!held) return undefined
  const { run, documents } = JSON.parse(readFileSync(held, 'utf8')) as HeldNodePools
  return documents.length > 0 ? { run, documents } : undefined
}

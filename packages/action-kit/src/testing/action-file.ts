import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** What the runner reads of an action.yml that runs on Node. */
export interface ActionFile {
  readonly inputs?: Readonly<Record<string, { readonly default?: string | number | boolean } | null>>
  readonly runs: { readonly main: string; readonly post?: string }
}

/**
 * Reads the action.yml of a folder and refuses what the runner refuses: an expression in it, other than in an input's default
 * (actions/runner `action_yaml.json`: only `input-default-context`, and for Node `runs-if`, have a context).
 */
export function readActionFile(folder: string): ActionFile {
  const file = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as ActionFile
  const allowed = new Set(['default', 'pre-if', 'post-if'])
  const others = JSON.stringify(file, (key, value: unknown) => (allowed.has(key) && typeof value !== 'object' ? undefined : value))
  if (others.includes('${{')) throw new Error(`${folder}/action.yml: A template expression is not allowed in this context`)
  return file
}

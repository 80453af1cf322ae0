import { posix } from 'node:path'
import { unknown, type Environment, type Setting } from './environment.ts'
import { mountOf, tidy, type Mounted } from './mounts.ts'
import type { Server } from './on-snapshots.ts'

/** What a server serves, as far as its manifest says. */
export type ServedModel =
  | { readonly from: 'path'; readonly path: string; readonly mounted: Mounted }
  /** A name on the Hugging Face hub. `cache`: the folder in which the hub's client looks first, undefined where that is not known. */
  | { readonly from: 'hub'; readonly name: string; readonly offline: boolean | undefined; readonly cache: CacheFolder | undefined }
  /** `s3://bucket/model`. */
  | { readonly from: 'address'; readonly address: string }
  | { readonly from: 'unknown' }

export interface CacheFolder {
  readonly path: string
  /** The variable or flag that names it. */
  readonly setBy: string
  readonly mounted: Mounted
}

export function servedModel(server: Omit<Server, 'volume'>): ServedModel {
  const { serve, pod } = server
  const { model } = serve
  if (typeof model !== 'string') return { from: 'unknown' }
  if (model.startsWith('/')) return { from: 'path', path: tidy(model), mounted: mountOf(pod, server, model) }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(model)) return { from: 'address', address: model }
  // A path below the working directory, which the image sets.
  if (/^[.~]/.test(model)) return { from: 'unknown' }
  return { from: 'hub', name: model, offline: isOffline(serve.environment), cache: cacheFolder(server) }
}

/**
 * Whether the hub's client is set to work offline (huggingface_hub/constants.py: both variables, each in any case); undefined where that is not
 * known.
 */
export function isOffline(environment: Environment): boolean | undefined {
  const values = ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'].map(environment)
  if (values.some((value) => typeof value === 'string' && ['1', 'ON', 'YES', 'TRUE'].includes(value.toUpperCase()))) return true
  return values.includes(unknown) ? undefined : false
}

/** Where `huggingface_hub` keeps models: HF_HUB_CACHE, else `hub` in HF_HOME, else in the home directory; vLLM's `--download-dir` comes first. */
function cacheFolder(server: Omit<Server, 'volume'>): CacheFolder | undefined {
  const { environment, flag } = server.serve
  const candidates: readonly (readonly [setBy: string, value: Setting, below: string])[] = [
    ['--download-dir', flag('download-dir'), ''],
    ['HF_HUB_CACHE', environment('HF_HUB_CACHE'), ''],
    ['HUGGINGFACE_HUB_CACHE', environment('HUGGINGFACE_HUB_CACHE'), ''],
    ['HF_HOME', environment('HF_HOME'), 'hub'],
    ['XDG_CACHE_HOME', environment('XDG_CACHE_HOME'), 'huggingface/hub'],
    ['HF_HOME', `${homeOf(environment)}/.cache/huggingface`, 'hub'],
  ]
  const chosen = candidates.find(([, value]) => value !== undefined && value !== '')
  if (chosen === undefined) return undefined
  const [setBy, value, below] = chosen
  if (typeof value !== 'string' || !value.startsWith('/')) return undefined
  const path = tidy(posix.join(value, below))
  return { path, setBy, mounted: mountOf(server.pod, server, path) }
}

/** Root's, as in vLLM's image, unless the manifest says otherwise. */
function homeOf(environment: Environment): string {
  const home = environment('HOME')
  return typeof home === 'string' && home !== '' ? home : '/root'
}

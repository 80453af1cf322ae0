import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { CancelledError, messageOf, type Reporter } from '@prebake/kernel'

/** GitHub's cache of a repository (https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching), one text for each key. */
export interface TextCache {
  /** Undefined when there is no entry, it was evicted, or the repository has no cache. Never throws but on a cancel. */
  restore(key: string, signal: AbortSignal): Promise<string | undefined>
  /** Keeps what is there already: an entry cannot be changed. Never throws but on a cancel. */
  save(key: string, text: string, signal: AbortSignal): Promise<void>
}

/** A slow cache must not hold up a build that it is there to shorten. */
const limitMs = 60_000

/**
 * The cache through `@actions/cache`. A repository without one, a fork that may not write and every fault of the service are said in the log; the work goes on.
 * What is restored can be of anyone who can write to this repository's cache: the caller checks it.
 */
export function textCache({ env, reporter }: { readonly env: NodeJS.ProcessEnv; readonly reporter: Reporter }): TextCache {
  const workspace = env['GITHUB_WORKSPACE'] || process.cwd()
  // The path is part of an entry's version, so that it is the same in each run.
  const file = join(workspace, '.prebake-cache', 'entry')
  const paths = [relative(workspace, file)]

  return {
    restore: (key, signal) =>
      attempt('Restore from the cache', signal, async (cache) => {
        const found = await cache.restoreCache(paths, key, [], { timeoutInMs: limitMs, segmentTimeoutInMs: limitMs })
        return found === undefined ? undefined : readFile(file, 'utf8')
      }),
    async save(key, text, signal) {
      await attempt('Save to the cache', signal, async (cache) => {
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, text)
        await cache.saveCache(paths, key)
      })
    },
  }

  async function attempt<T>(operation: string, signal: AbortSignal, work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    if (signal.aborted) throw new CancelledError()
    try {
      const cache = await import('@actions/cache')
      if (!cache.isFeatureAvailable()) {
        reporter.debug(`${operation}: this runner has no cache.`)
        return undefined
      }
      return await work(cache)
    } catch (error) {
      if (signal.aborted) throw new CancelledError()
      reporter.info(`${operation}: ${messageOf(error)}. The run goes on without it.`)
      return undefined
    } finally {
      await rm(dirname(file), { recursive: true, force: true })
    }
  }
}

type Cache = typeof import('@actions/cache')

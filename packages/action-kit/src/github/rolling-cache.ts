import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RollingCachePlace {
  /** Names what is kept, with all that must be equal for it to be of use: `prebake-benchmark-1-5f3a`. */
  readonly prefix: string
  /** Of this run and attempt: no other writes the same key. */
  readonly run: string
  readonly env: NodeJS.ProcessEnv
}

/** A text in the workflow cache that each run replaces. An entry of GitHub's cache never changes, so that each run writes one of its own and reads the newest. */
export interface RollingCache {
  /** Undefined where there is none, where GitHub has removed it, and where the service does not answer: `@actions/cache` says so in the log, and never fails a job. */
  restore(): Promise<string | undefined>
  /** @returns whether it was saved */
  save(text: string): Promise<boolean>
}

/** Larger texts are not of this use. */
const largestBytes = 5_000_000

/** Undefined where the runner has no cache service. */
export async function rollingCache({ prefix, run, env }: RollingCachePlace): Promise<RollingCache | undefined> {
  const { isFeatureAvailable, restoreCache, saveCache } = await import('@actions/cache')
  if (!isFeatureAvailable()) return undefined
  // The path is part of what an entry is found by: it must not depend on the run.
  const folder = join(env['RUNNER_TEMP'] || tmpdir(), prefix)
  const file = join(folder, 'content')
  return {
    async restore() {
      await rm(folder, { recursive: true, force: true })
      // No entry has the prefix itself as its key.
      const key = await restoreCache([folder], `${prefix}-`, [`${prefix}-`])
      if (key === undefined) return undefined
      const content = await readFile(file).catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
      return content === undefined || content.length > largestBytes ? '' : content.toString('utf8')
    },
    async save(text) {
      await mkdir(folder, { recursive: true })
      await writeFile(file, text)
      try {
        return (await saveCache([folder], `${prefix}-${run}`)) !== -1
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

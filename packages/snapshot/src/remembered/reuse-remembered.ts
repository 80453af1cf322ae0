import { messageOf } from '@prebake/kernel'
import type { BuildPorts, BuildRequest } from '../build-request.ts'
import { findSnapshots } from '../find-snapshots.ts'
import type { SnapshotRecord } from '../ports/snapshots.ts'
import { resolvePlan, type BuildPlan } from '../resolve-plan.ts'
import { manifestKey, readManifest } from './manifest.ts'
import { recordSources, rememberedSources } from './sources.ts'

/** More than a hundred times what a common model's listing and configuration are. */
const mostCharacters = 8 * 2 ** 20

/**
 * A build that was made before, without a request to hub or registry: the manifest comes from the cache, and counts only if its fingerprint is that of a
 * completed, verified snapshot of this account that was not rejected. No one can make such a snapshot by writing into the cache.
 */
export async function reuseRemembered(
  request: BuildRequest,
  ports: BuildPorts,
  signal: AbortSignal,
): Promise<{ readonly plan: BuildPlan; readonly snapshot: SnapshotRecord } | undefined> {
  const { reporter, manifests } = ports
  const key = manifestKey(request)
  if (manifests === undefined || request.rebuild) return undefined
  if (key === undefined) {
    reporter.debug('No cached manifest is looked for, because the names may move: `revision` is no commit, or an image has no digest.')
    return undefined
  }
  const text = await manifests.restore(key, signal)
  if (text === undefined) {
    reporter.info('No cached manifest of this build: it is the first with these inputs, or GitHub evicted it. Hub and registry are asked.')
    return undefined
  }
  const manifest = readManifest(text, request)
  if ('wrong' in manifest) return notUsed(manifest.wrong)
  try {
    const quietly = (line: string) => reporter.debug(line)
    const silent = { ...reporter, info: quietly, warning: quietly, notice: quietly }
    const plan = await resolvePlan(request, { ...ports, ...rememberedSources(manifest), reporter: silent }, signal)
    const { reusable } = await findSnapshots(request, plan, ports, signal)
    return reusable === undefined ? notUsed('no verified snapshot has what it names') : { plan, snapshot: reusable }
  } catch (error) {
    // What is wrong with the request itself is found again, and reported, with the answers of hub and registry.
    if (signal.aborted) throw error
    return notUsed(messageOf(error))
  }

  function notUsed(reason: string): undefined {
    reporter.info(`The cached manifest of this build is not used: ${reason}. Hub and registry are asked.`)
    return undefined
  }
}

/** Records what hub and registry answer, for `remember` to save once a verified snapshot was made of it. */
export function recordManifest(request: BuildRequest, ports: BuildPorts) {
  const { recorded, ...sources } = recordSources(ports)
  const key = manifestKey(request)
  return {
    ports: { ...ports, ...sources },
    async remember(snapshotId: string, signal: AbortSignal): Promise<void> {
      const manifest = recorded(snapshotId)
      if (ports.manifests === undefined || key === undefined || manifest === undefined) return
      const text = JSON.stringify(manifest)
      if (text.length <= mostCharacters) await ports.manifests.save(key, text, signal)
    },
  }
}

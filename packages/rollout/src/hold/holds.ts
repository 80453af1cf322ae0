import { identityOf, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { holdDocument } from './hold-document.ts'
import { releaseHolds } from './release-holds.ts'

/** The holds of one run. What ends them is written down before each of them is set or changed. */
export interface Holds {
  /** Applies the document with the hold. */
  apply(document: KubernetesObject, force: boolean, signal: AbortSignal): Promise<KubernetesObject>
  /** Applies the documents of all NodePools that are held, as they are written. @returns the NodePools. */
  release(signal: AbortSignal): Promise<readonly KubernetesObject[]>
}

export function createHolds(run: string, ports: Pick<RollOutPorts, 'cluster' | 'reporter' | 'onHold'>): Holds {
  const held = new Map<string, KubernetesObject>()
  return {
    apply(document, force, signal) {
      held.set(identityOf(document), document)
      ports.onHold?.([...held.values()])
      return ports.cluster.apply(holdDocument(document, run), { dryRun: false, force }, signal)
    },
    async release(signal) {
      if (held.size === 0) return []
      const released = await releaseHolds([...held.values()], run, ports, signal)
      held.clear()
      ports.onHold?.([])
      return released
    },
  }
}

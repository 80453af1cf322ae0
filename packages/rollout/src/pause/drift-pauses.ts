import { identityOf, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { pausedDocument } from './paused-document.ts'
import { resumeDrift } from './resume-drift.ts'

/** The NodePools whose drift one run pauses. What ends the pauses is written down before each of them begins or changes. */
export interface DriftPauses {
  /** Applies the document with the pause. */
  apply(document: KubernetesObject, force: boolean, signal: AbortSignal): Promise<KubernetesObject>
  /**
   * Applies the documents of all paused NodePools as they are written. One that is refused stays paused, with a warning, and stays written down.
   * @throws CancelledError.
   */
  resume(signal: AbortSignal): Promise<void>
}

export function createDriftPauses(run: string, ports: Pick<RollOutPorts, 'cluster' | 'reporter' | 'onPause'>): DriftPauses {
  const paused = new Map<string, KubernetesObject>()
  return {
    apply(document, force, signal) {
      paused.set(identityOf(document), document)
      ports.onPause?.([...paused.values()])
      return ports.cluster.apply(pausedDocument(document, run), { dryRun: false, force }, signal)
    },
    async resume(signal) {
      if (paused.size === 0) return
      const { failed } = await resumeDrift([...paused.values()], run, ports, signal)
      paused.clear()
      for (const { document } of failed) paused.set(identityOf(document), document)
      if (failed.length === 0) ports.onPause?.([])
    },
  }
}

import type { ActionContext } from '@prebake/action-kit'
import type { ClusterConnection } from '@prebake/kubernetes'
import type { FoundKubeconfig } from '../discover/find-kubeconfig.ts'
import type { Memory } from '../memory/memory-file.ts'
import type { Values } from '../run/run-program.ts'
import type { PhasedReporter } from '../screen/phased-reporter.ts'
import type { Settings } from './gather-settings.ts'
import type { optimizeOptions } from './options.ts'

export type OptimizeValues = Values<typeof optimizeOptions>

/** Everything that the steps of one run share. */
export interface OptimizeRun {
  readonly values: OptimizeValues
  readonly settings: Settings
  readonly kubeconfig: FoundKubeconfig
  readonly connection: ClusterConnection
  readonly memory: Memory
  readonly folder: string
  readonly context: ActionContext & { readonly reporter: PhasedReporter }
}

export const phaseTitles = { check: 'Check', bake: 'Bake the snapshot', publish: 'Write .snapshot-id', rollOut: 'Roll out' } as const

/** Until this folder has its own: the guide's 25 to 30 minutes for the bake; the rest is believed. */
export const usualSeconds = { [phaseTitles.check]: 30, [phaseTitles.bake]: 1650, [phaseTitles.publish]: 5, [phaseTitles.rollOut]: 420 }

import { fieldsOf, isDeployment, listAt, numberAt, textsAt, type Manifest } from '@prebake/manifests'
import type { StartupSetup, Setting } from '@prebake/planner'

/** What the manifests say of the server's start. */
export interface ServerSettings extends Pick<StartupSetup, 'probePeriodSeconds' | 'probeInitialDelaySeconds'>, Pick<Setting, 'loader'> {}

/** Of Kubernetes, for a probe that gives none. */
const usualPeriodSeconds = 10
/** With them vLLM reads the weights in large blocks. */
const streaming = /^--safetensors-load-strategy=(?:eager|prefetch)$|^--load-format=(?:runai_streamer|fastsafetensors|instanttensor)/

/** The probe that decides when the first container of the Deployment is Ready, and how it reads the weights. */
export function serverSettingsOf(manifests: readonly Manifest[]): ServerSettings {
  const deployment = manifests.find(({ document }) => isDeployment(document))?.document
  const container = fieldsOf(listAt(deployment, 'spec.template.spec.containers')[0])
  const probe = fieldsOf(container['startupProbe'] ?? container['readinessProbe'])
  const words = [...textsAt(container, 'command'), ...textsAt(container, 'args')].flatMap((text) => text.split(/\s+/))
  // `--flag value` reads as `--flag=value`.
  const flags = words.map((word, index) => (word.startsWith('--') && !word.includes('=') ? `${word}=${words[index + 1] ?? ''}` : word))
  return {
    probePeriodSeconds: numberAt(probe, 'periodSeconds') ?? usualPeriodSeconds,
    probeInitialDelaySeconds: numberAt(probe, 'initialDelaySeconds') ?? 0,
    loader: flags.some((flag) => streaming.test(flag)) ? 'stream' : 'mmap',
  }
}

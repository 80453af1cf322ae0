import { type KubernetesObject, titleOf } from '@prebake/manifests'

interface ContainerStatus {
  readonly name?: string
  readonly restartCount?: number
  readonly ready?: boolean
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } }
}

/** A crash can be chance (a node that was short of memory, a driver that was late); the same one so often is not. */
const crashesInVain = 3

/**
 * A pod that nothing but another template will mend: its container crashes again and again and was never ready, or its image cannot even be a name. Without
 * it a crash would be known only when the Deployment's progressDeadlineSeconds have passed.
 * @param pods of our template. @returns in words, or undefined.
 */
export function findHopeless(pods: readonly KubernetesObject[]): string | undefined {
  for (const pod of pods) {
    const { containerStatuses = [] } = (pod['status'] ?? {}) as { readonly containerStatuses?: readonly ContainerStatus[] }
    for (const { name, restartCount = 0, ready, state } of containerStatuses) {
      const reason = state?.waiting?.reason
      if (reason === 'CrashLoopBackOff' && restartCount >= crashesInVain && ready !== true)
        return `${titleOf(pod)}: container ${name} has crashed ${restartCount + 1} times and was never ready`
      if (reason === 'InvalidImageName') return `${titleOf(pod)}: ${reason}: ${state?.waiting?.message ?? ''}`
    }
  }
  return undefined
}

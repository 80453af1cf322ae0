import { titleOf, type KubernetesObject } from '@prebake/manifests'
import { containersOf } from '../observe/pod-status.ts'

/** A crash can be chance (a node short of memory, a driver that was late); the same one this often is not. */
const hopelessRestarts = 3

/**
 * A pod that only another template can fix: its container crashes again and again and was never ready, or its image is not a valid name. Without this a
 * crash would be known only after the Deployment's progressDeadlineSeconds.
 * @param pods of our template. @returns why, for the message; undefined where there is none.
 */
export function findTerminalPod(pods: readonly KubernetesObject[]): string | undefined {
  for (const pod of pods) {
    for (const { name, restartCount = 0, ready, state } of containersOf(pod)) {
      const reason = state?.waiting?.reason
      if (reason === 'CrashLoopBackOff' && restartCount >= hopelessRestarts && ready !== true)
        return `${titleOf(pod)}: container ${name} has crashed ${restartCount + 1} times and was never ready`
      if (reason === 'InvalidImageName') return `${titleOf(pod)}: ${reason}: ${state?.waiting?.message ?? ''}`
    }
  }
  return undefined
}

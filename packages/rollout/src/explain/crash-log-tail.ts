import { CancelledError, PrebakeError } from '@prebake/kernel'
import { titleOf, type KubernetesObject } from '@prebake/manifests'
import { crashedContainers } from '../observe/pod-status.ts'
import type { Cluster } from '../ports/cluster.ts'

/** Enough for a Python stack trace and what led to it. */
const shownLines = 50
/** Where vLLM's engine fails, its exception stands before the stack traces of every process that waited for it. */
const readLines = 500
/** So many exceptions before the end: the first is the cause of those that follow. */
const mostErrors = 3

/** An exception as Python ends a stack trace with it, behind whatever prefix: `safetensors_rust.SafetensorError: Error while deserializing header`. */
const exception = /(?:^|[\s\]])(?:\w+\.)*[A-Z]\w*(?:Error|Exception): \S/

/**
 * The end of the log of the first pod with a container that has crashed, and the exceptions before it: of the run that ended, since the next one may not have
 * logged anything yet.
 */
export async function crashLogTail(
  pods: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'log'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const pod of pods) {
    const [container] = crashedContainers(pod)
    if (container === undefined) continue
    const title = `${titleOf(pod)}, container ${container}`
    const reference = { name: pod.metadata.name, namespace: pod.metadata.namespace ?? 'default', container }
    try {
      const text =
        (await cluster.log(reference, { previous: true, tailLines: readLines }, signal)) ??
        (await cluster.log(reference, { previous: false, tailLines: readLines }, signal))
      if (text === undefined) return []
      const lines = text.trimEnd().split('\n')
      const errors = [...new Set(lines.slice(0, -shownLines).filter((line) => exception.test(line)))].slice(0, mostErrors)
      return [
        ...(errors.length > 0 ? [`${title}, exceptions in its log:`] : []),
        ...errors.map((line) => `  ${line.trim()}`),
        `${title}, the end of its log:`,
        ...lines.slice(-shownLines).map((line) => `  ${line}`),
      ]
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
      return [`${title}: its log cannot be read: ${error.message}`]
    }
  }
  return []
}

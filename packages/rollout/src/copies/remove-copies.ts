import { PrebakeError, TimeoutError, waitFor } from '@prebake/kernel'
import { referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findCopies, type Copies, type CopyFilter } from './find-copies.ts'
import { costOf, instanceTypeOf, removalCommand } from './remains.ts'

/** Karpenter drains a node and waits until EC2 has ended the instance: a minute or two, after the pods' grace period. */
const longestMs = 15 * 60_000

export interface RemovalRequest {
  /** The run whose copies are removed. */
  readonly owner: string
  readonly namespace: string
  /** Which of them. Default: all. */
  readonly only?: CopyFilter
  /** Whether to wait until nodes and objects have gone. */
  readonly wait: boolean
}

/**
 * Deletes isolated copies of a run and, where asked to, waits until their nodes have gone. Safe to repeat.
 * @returns how many objects were deleted
 * @throws PrebakeError that names what is still there, what it costs and the command that ends it
 */
export async function removeCopies(
  { owner, namespace, only = () => true, wait }: RemovalRequest,
  ports: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<number> {
  const { cluster, clock, reporter } = ports
  const look = async (): Promise<Copies> => {
    const { objects, nodeClaims, unreadable } = await findCopies({ namespace, owner }, cluster, signal)
    if (unreadable.length > 0) throw remain(unreadable.join('; '), [])
    return { objects: objects.filter(only), nodeClaims: nodeClaims.filter(only), unreadable }
  }
  const remain = (what: string, nodeClaims: readonly KubernetesObject[], cause?: unknown) =>
    new PrebakeError(`Remove the isolated copies of ${owner}: ${what}.`, {
      code: 'copies-remain' satisfies RolloutErrorCode,
      hint: `${nodeClaims.length > 0 ? `Their nodes cost ${costOf(nodeClaims.map(instanceTypeOf))}. ` : ''}End them: \`${removalCommand(owner, namespace)}\`.`,
      ...(cause !== undefined && { cause }),
    })

  const found = await look()
  let deleted = 0
  let left = found
  try {
    for (const object of found.objects.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
      if (!(await cluster.remove(referenceTo(object), signal))) continue
      deleted += 1
      reporter.info(`${titleOf(object)} deleted`)
    }
    if (!wait) return deleted
    await waitFor({
      awaited: 'the isolated copies and their nodes to go',
      limitMs: longestMs,
      everyMs: 3000,
      clock,
      signal,
      onState: (state) => reporter.progress(state),
      poll: async () => {
        left = await look()
        return left.objects.length + left.nodeClaims.length === 0 ? { value: undefined } : { state: describe(left) }
      },
    })
    return deleted
  } catch (error) {
    if (signal.aborted || !(error instanceof PrebakeError) || error.errorCode === 'copies-remain') throw error
    throw remain(
      error instanceof TimeoutError ? `${describe(left)} at the limit` : error.message.replace(/\.$/, ''),
      left.nodeClaims,
      error,
    )
  }
}

function describe({ objects, nodeClaims }: Copies): string {
  const names = [...objects, ...nodeClaims].map(titleOf)
  return `still there: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`
}

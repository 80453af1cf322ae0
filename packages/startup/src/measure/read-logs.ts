import type { LogLine } from '../ports/workload.ts'
import type { History, PodObject } from '../timeline/observed-objects.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { ScaleRequest } from './measurement.ts'

/** The logs by pod. If a log cannot be read, the pod's phases stay unattributed and the measurement continues. */
export async function readLogs(
  pods: readonly History<PodObject>[],
  { namespace }: ScaleRequest,
  { workload, reporter }: MeasurePorts,
  signal: AbortSignal,
): Promise<Record<string, readonly LogLine[]>> {
  const read = async ({ latest: { metadata }, deleted }: History<PodObject>): Promise<[string, readonly LogLine[]]> => {
    try {
      if (deleted) return [metadata.name, []]
      const { lines, truncated } = await workload.log(metadata.name, namespace, signal)
      if (truncated)
        reporter.warning(`Read the log of ${metadata.name}: it is too large. Only its beginning was read, so phases may be missing.`)
      return [metadata.name, lines]
    } catch (error) {
      if (signal.aborted) throw error
      reporter.warning(`Read the log of ${metadata.name}: ${(error as Error).message}`)
      return [metadata.name, []]
    }
  }
  return Object.fromEntries(await Promise.all(pods.map(read)))
}

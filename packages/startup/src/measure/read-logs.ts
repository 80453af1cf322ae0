import type { LogLine } from '../ports/workload.ts'
import type { History, PodObject } from '../timeline/observed-objects.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { ScaleRequest } from './measurement.ts'

/** A log that cannot be read leaves its pod's rows unattributed; the measurement stands. */
export async function readLogs(
  pods: readonly History<PodObject>[],
  { namespace }: ScaleRequest,
  { workload, reporter }: MeasurePorts,
  signal: AbortSignal,
): Promise<Record<string, readonly LogLine[]>> {
  const read = async ({ latest: { metadata }, deleted }: History<PodObject>): Promise<[string, readonly LogLine[]]> => {
    try {
      return [metadata.name, deleted ? [] : await workload.log(metadata.name, namespace, signal)]
    } catch (error) {
      if (signal.aborted) throw error
      reporter.warning(`Read the log of ${metadata.name}: ${(error as Error).message}`)
      return [metadata.name, []]
    }
  }
  return Object.fromEntries(await Promise.all(pods.map(read)))
}

import { PrebakeError, TimeoutError, type Trouble } from '@prebake/kernel'
import type { BenchmarkErrorCode } from '../error-codes.ts'
import type { MeasurePorts } from './measure-ports.ts'
import type { ScaleRequest } from './measurement.ts'

type Late = Pick<ScaleRequest, 'deployment' | 'namespace'>

/** Why pods of the Deployment are not Ready, while they are still there. */
export async function explainLatePods(
  { deployment: name, namespace }: Late,
  { explainTrouble }: MeasurePorts,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  return explainTrouble?.({ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace }, '', signal)
}

/** What a wait for pods throws at its limit, with the cause. */
export async function withTrouble(error: unknown, late: Late, ports: MeasurePorts, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof TimeoutError)) return error
  const trouble = await explainLatePods(late, ports, signal)
  if (trouble === undefined) return error
  const hint = trouble.remedy ?? error.hint
  const code = error.errorCode ?? ('start-replicas-timeout' satisfies BenchmarkErrorCode)
  return new PrebakeError(error.message, { code, trouble, ...(hint !== undefined && { hint }) })
}

import type { InstanceTypes } from '../ports/instance-types.ts'
import type { KnownInstanceTypes } from '../subject/instance-type.ts'
import { instanceTypeTable, tableDate } from './instance-type-table.ts'
import { planInstanceType } from './plan-instance-type.ts'
import { readFact } from './read-facts.ts'

/** The region's instance types as EC2 describes them; the built-in table where EC2 cannot be asked. */
export async function gatherInstanceTypes(port: InstanceTypes | undefined, signal: AbortSignal): Promise<KnownInstanceTypes> {
  if (port === undefined) return tableOf('no AWS account was given')
  const described = await readFact(`instance types in ${port.region}`, signal, () => port.withGpus(signal))
  if ('unchecked' in described) return tableOf(described.unchecked)
  return { types: described.value.map(planInstanceType), source: `EC2 in ${port.region}, as of this run` }
}

/** @param reason why EC2 is not asked. */
export function tableOf(reason: string): KnownInstanceTypes {
  return { types: instanceTypeTable, source: `the built-in table of ${tableDate}, because ${reason}` }
}

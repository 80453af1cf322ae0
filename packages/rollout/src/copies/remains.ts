import { ownerLabel, type KubernetesObject } from '@prebake/manifests'
import { dollarsPerHour } from '../observe/node-price.ts'

/** `about $4.90 an hour`: the list price of these nodes; `at a price that is not known` where it has none. */
export function costOf(instanceTypes: readonly (string | undefined)[]): string {
  const prices = instanceTypes.map((type) => (type === undefined ? undefined : dollarsPerHour(type)))
  const known = prices.filter((price) => price !== undefined)
  if (known.length === 0) return 'at a price that is not known'
  const sum = known.reduce((total, price) => total + price, 0)
  return `${known.length < prices.length ? 'at least' : 'about'} $${sum.toFixed(2)} an hour`
}

export const instanceTypeOf = ({ metadata }: KubernetesObject): string | undefined => metadata.labels?.['node.kubernetes.io/instance-type']

/** The command that ends all of a run: pods, nodes and what they are made from. */
export function removalCommand(owner: string, namespace: string): string {
  const selector = `-l ${ownerLabel}=${owner}`
  return `kubectl delete deployments ${selector} -n ${namespace} && kubectl delete nodepools,ec2nodeclasses ${selector}`
}

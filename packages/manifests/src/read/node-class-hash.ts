import { createHash } from 'node:crypto'

/** The built-in variable: it names a NodeClass after its content, so that another spec is another NodeClass. */
export const nodeClassHash = 'NODECLASS_HASH'

/** Stands in for the hash while it is computed, so that a spec may contain it too, in a tag. */
export const unknownHash = '0000000000'

/** The first 10 hex digits of the SHA-256 of the specs, in the order of the manifests, as JSON without spaces and with sorted keys. */
export function hashSpecs(specs: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(specs)))
    .digest('hex')
    .slice(0, unknownHash.length)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}

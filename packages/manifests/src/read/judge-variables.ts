import { nearestName, type Problem } from '@prebake/kernel'
import type { ManifestErrorCode } from '../error-codes.ts'
import type { Filling } from './fill-variables.ts'
import { nodeClassHash } from './node-class-hash.ts'

export interface ManifestProblem extends Problem {
  readonly code: ManifestErrorCode
}

export interface ReadSoFar {
  /** How many NodeClasses have the hash in their name. */
  readonly versioned: number
  /** Texts of which a document could not be read: what they use is not known. */
  readonly unread: readonly string[]
}

/** What is wrong between the variables that were given and those that the files use. */
export function judgeVariables(filling: Filling, read: ReadSoFar): readonly ManifestProblem[] {
  return [...hashProblems(filling, read), ...unusedVariables(filling, read)]
}

function hashProblems({ variables, seen, sources }: Filling, { versioned, unread }: ReadSoFar): readonly ManifestProblem[] {
  const input = sources.inputs?.[nodeClassHash] ?? 'variables'
  if (Object.hasOwn(variables, nodeClassHash)) {
    const wrong = `\`${nodeClassHash}\` is built in: it is computed from the NodeClasses.`
    return [{ code: 'node-class-hash-given', input, wrong, remedy: 'Remove it.' }]
  }
  if (!seen.has(nodeClassHash) || versioned > 0 || unread.length > 0) return []
  const wrong = `\`\${${nodeClassHash}}\` has no value: it is the hash of the EC2NodeClasses that have it in their name, and none has.`
  const remedy = 'Name the EC2NodeClass `<name>-${NODECLASS_HASH}`, in the same set of manifests.'
  return [{ code: 'node-class-hash-undefined', input: 'manifests', wrong, remedy }]
}

function unusedVariables({ variables, sources, seen }: Filling, { unread }: ReadSoFar): readonly ManifestProblem[] {
  return Object.keys(variables).flatMap((name): ManifestProblem[] => {
    const input = sources.inputs?.[name]
    const isUsed = seen.has(name) || unread.some((text) => text.includes(`\${${name}`))
    if (input === undefined || isUsed || name === nodeClassHash) return []
    const nearest = nearestName(name, [...seen])
    const remedy = nearest === undefined ? 'Remove it, or use it.' : `Did you mean \`\${${nearest}}\`, which they use?`
    return [{ code: 'variable-unused', input, wrong: `no manifest has \`\${${name}}\`.`, remedy }]
  })
}

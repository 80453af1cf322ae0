import { InputError, nearestName, type Problem } from '@prebake/kernel'
import type { ManifestErrorCode } from '../error-codes.ts'
import { isNodeClass } from '../kubernetes/karpenter.ts'
import type { KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import type { Manifest, ManifestFile } from '../manifest.ts'
import { fillVariables, type Filling, type VariableSources } from './fill-variables.ts'
import { findDuplicates } from './find-duplicates.ts'
import { hashSpecs, nodeClassHash, unknownHash } from './node-class-hash.ts'
import { parseYaml } from './parse-yaml.ts'
import { toObject } from './to-object.ts'

interface ManifestProblem extends Problem {
  readonly code: ManifestErrorCode
}

/**
 * Reads the documents of YAML (or JSON) files, and fills in `${NAME}`.
 *
 * Variables are filled into scalars after parsing, so that a value can never become structure: it is always a text, or part of one.
 * `$${NAME}` is the text `${NAME}`. Every other `${` is a problem, and so is one in a key. `${NODECLASS_HASH}` is built in: a hash of the
 * filled-in specs of the EC2NodeClasses that have it in their name.
 * @param variables values by name.
 * @throws InputError with all that is wrong at once, each with `file:line:column`: broken YAML, a document without apiVersion, kind or name,
 *   a `${NAME}` without a value, the same object twice, no document at all, a given variable that no manifest uses, a given NODECLASS_HASH.
 */
export function readManifests(
  files: readonly ManifestFile[],
  variables: Readonly<Record<string, string>>,
  sources: VariableSources = {},
): readonly Manifest[] {
  const fillingWith = (hash: string): Filling => ({ variables: { ...variables, [nodeClassHash]: hash }, sources, seen: new Set() })
  const filling = fillingWith(unknownHash)
  let { manifests, problems, versioned } = readFiles(files, filling)
  if (problems.length === 0 && versioned.length > 0) {
    manifests = readFiles(files, fillingWith(hashSpecs(versioned.map((nodeClass) => nodeClass['spec'])))).manifests
  }
  problems = [...problems, ...hashProblems(filling, variables, versioned.length), ...unusedVariables(filling), ...findDuplicates(manifests)]
  if (problems.length === 0 && manifests.length === 0) problems = [noManifests(files)]
  if (problems.length > 0) throw new InputError(problems)
  return manifests
}

function readFiles(files: readonly ManifestFile[], filling: Filling) {
  const problems: Problem[] = []
  const manifests: Manifest[] = []
  /** NodeClasses with the hash in their name. */
  const versioned: KubernetesObject[] = []
  for (const { path, text } of files) {
    for (const parsed of parseYaml(path, text)) {
      const name = parsed.content.getIn(['metadata', 'name'])
      const found = [...parsed.problems, ...fillVariables(parsed, filling)]
      const read = found.length > 0 ? { problems: found } : toObject(parsed)
      if ('problems' in read) {
        problems.push(...read.problems)
        continue
      }
      manifests.push({ document: read.document, file: path, line: parsed.start.line })
      const hasHash = typeof name === 'string' && name.replaceAll('$${', '').includes(`\${${nodeClassHash}}`)
      if (hasHash && isNodeClass(read.document)) versioned.push(read.document)
    }
  }
  return { manifests, problems: problems as readonly Problem[], versioned }
}

function noManifests(files: readonly ManifestFile[]): ManifestProblem {
  const wrong = files.length === 0 ? 'names no file.' : `there is no document in ${files.map(({ path }) => path).join(', ')}.`
  return { code: 'manifests-empty', input: 'manifests', wrong, remedy: 'Give files with Kubernetes manifests.' }
}

function hashProblems(
  { seen, sources }: Filling,
  variables: Readonly<Record<string, string>>,
  versioned: number,
): readonly ManifestProblem[] {
  const input = sources.inputs?.[nodeClassHash] ?? 'variables'
  if (Object.hasOwn(variables, nodeClassHash)) {
    const wrong = `\`${nodeClassHash}\` is built in: it is computed from the NodeClasses.`
    return [{ code: 'node-class-hash-given', input, wrong, remedy: 'Remove it.' }]
  }
  if (!seen.has(nodeClassHash) || versioned > 0) return []
  const wrong = `\`\${${nodeClassHash}}\` has no value: it is the hash of the EC2NodeClasses that have it in their name, and none has.`
  const remedy = 'Name the EC2NodeClass `<name>-${NODECLASS_HASH}`, in the same set of manifests.'
  return [{ code: 'node-class-hash-undefined', input: 'manifests', wrong, remedy }]
}

function unusedVariables({ variables, sources, seen }: Filling): readonly ManifestProblem[] {
  return Object.keys(variables).flatMap((name): ManifestProblem[] => {
    const input = sources.inputs?.[name]
    if (input === undefined || seen.has(name) || name === nodeClassHash) return []
    const nearest = nearestName(name, [...seen])
    const remedy = nearest === undefined ? 'Remove it, or use it.' : `Did you mean \`\${${nearest}}\`, which they use?`
    return [{ code: 'variable-unused', input, wrong: `no manifest has \`\${${name}}\`.`, remedy }]
  })
}

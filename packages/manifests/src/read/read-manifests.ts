import { InputError, type Problem } from '@prebake/kernel'
import { isNodeClass } from '../kubernetes/karpenter.ts'
import type { KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import type { Manifest, ManifestFile } from '../manifest.ts'
import { fillVariables, type Filling, type VariableSources } from './fill-variables.ts'
import { findDoubts } from './find-doubts.ts'
import { findDuplicates } from './find-duplicates.ts'
import { findLeftovers } from './find-leftovers.ts'
import { judgeVariables, type ManifestProblem } from './judge-variables.ts'
import { hashSpecs, nodeClassHash, unknownHash } from './node-class-hash.ts'
import { parseYaml } from './parse-yaml.ts'
import { toObjects } from './to-objects.ts'

/**
 * Reads the objects of YAML (or JSON) files, and fills in `${NAME}`. The items of a List are objects of their own.
 *
 * Variables are filled into scalars after parsing, so that a value can never become structure: it is always a text, or part of one.
 * `${NAME:-default}` is
 * filled in where NAME is given; `$${NAME}` is the text `${NAME}`. Every other `${` is a problem, and so is one in a key. `${NODECLASS_HASH}` is built in: a hash of the
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
  const first = readFiles(files, filling)
  const { versioned, unread } = first
  let { manifests } = first
  if (first.problems.length === 0 && versioned.length > 0) {
    const hash = hashSpecs(versioned.map((nodeClass) => nodeClass['spec']))
    const { onDoubt: _, onNumber: __, ...quiet } = sources
    manifests = readFiles(files, { ...fillingWith(hash), sources: quiet }).manifests
  }
  const given = { ...filling, variables }
  const problems = [...first.problems, ...judgeVariables(given, { versioned: versioned.length, unread }), ...findDuplicates(manifests)]
  if (problems.length === 0 && manifests.length === 0) problems.push(noManifests(files))
  if (problems.length > 0) throw new InputError(problems)
  return manifests
}

function readFiles(files: readonly ManifestFile[], filling: Filling) {
  const problems: Problem[] = []
  const manifests: Manifest[] = []
  /** NodeClasses with the hash in their name. */
  const versioned: KubernetesObject[] = []
  /** Texts with a document that is no YAML, so that nothing is known of what it uses. */
  const unread: string[] = []
  for (const { path, text } of files) {
    for (const parsed of parseYaml(path, text)) {
      const { onDoubt } = filling.sources
      if (onDoubt !== undefined) for (const doubt of findDoubts(parsed, filling)) onDoubt(doubt)
      const broken = parsed.problems.length > 0 ? parsed.problems : findLeftovers(parsed)
      if (broken.length > 0) unread.push(text)
      const found = [...broken, ...fillVariables(parsed, filling)]
      const read = found.length > 0 ? { problems: found } : toObjects(parsed)
      if ('problems' in read) {
        problems.push(...read.problems)
        continue
      }
      for (const { document, line } of read.objects) {
        manifests.push({ document, file: path, line })
        if (isNodeClass(document) && document.metadata.name.includes(unknownHash)) versioned.push(document)
      }
    }
  }
  return { manifests, problems, versioned, unread }
}

function noManifests(files: readonly ManifestFile[]): ManifestProblem {
  const wrong = files.length === 0 ? 'names no file.' : `there is no document in ${files.map(({ path }) => path).join(', ')}.`
  return { code: 'manifests-empty', input: 'manifests', wrong, remedy: 'Give files with Kubernetes manifests.' }
}

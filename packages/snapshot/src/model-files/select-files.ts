import { InputError } from '@prebake/kernel'
import type { ModelFile, ModelListing } from '../ports/model-hub.ts'
import { chooseWeights } from './choose-weights.ts'
import { bytesOf, countFiles, gigabytes, nameFiles, nameSome } from './describe-files.ts'
import { applyPatterns } from './file-patterns.ts'
import { findUnservable } from './find-unservable.ts'
import { folderFiles } from './folder-files.ts'
import { isSafetensors, judgeFile, type FileKind } from './judge-file.ts'
import { otherRepositories } from './other-repositories.ts'
import type { ModelContents } from './read-contents.ts'
import { repositoryOf, type Repository } from './repository.ts'
import type { FileChoice, Note, Selection } from './selection.ts'

/**
 * Chooses the files that a start of vLLM 0.11 to 0.33 reads: one set of weights, and the configuration, tokenizer, templates, code, adapters and modules
 * beside it. A repository may hold the same weights several times; what is left out is in the notes.
 * @param contents what `readContents` read of the same listing
 * @throws InputError with all that is wrong: what vLLM cannot serve, weights that are not whole or not clear, code or weights in other repositories
 */
export function selectFiles(listing: ModelListing, contents: ModelContents, choice: FileChoice = {}): Selection {
  const patterned = applyPatterns(listing.files, choice.patterns ?? [])
  const repository = repositoryOf(listing, contents, patterned)
  const unservable = findUnservable(repository)
  if (unservable) throw new InputError([...patterned.problems, unservable])

  const weights = chooseWeights(repository, choice.format ?? 'auto')
  const folders = folderFiles(repository)
  const others = otherRepositories(repository)
  const problems = [...patterned.problems, ...('wrong' in weights ? [weights] : []), ...folders.problems, ...others.problems]
  if ('wrong' in weights || problems.length > 0) throw new InputError(problems)

  const taken = new Set([
    ...weights.files,
    ...(weights.index ? [weights.index] : []),
    ...ofKind(repository, 'companion'),
    ...folders.files,
    ...[...repository.wanted].flatMap((path) => repository.files.get(path) ?? []),
  ])
  return {
    files: [...taken].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    format: weights.format,
    notes: [...weights.notes, ...others.notes, ...leftOut(repository, taken)],
  }
}

/** Files at the top that are no part of a set of weights. */
function ofKind({ files }: Repository, kind: FileKind): readonly ModelFile[] {
  return [...files.values()].filter((file) => !file.path.includes('/') && !isSafetensors(file.path) && judgeFile(file) === kind)
}

function leftOut(repository: Repository, taken: ReadonlySet<ModelFile>): readonly Note[] {
  const notTaken = (files: readonly ModelFile[]) => files.filter((file) => !taken.has(file))
  const otherFormats = notTaken(ofKind(repository, 'other weights'))
  const large = notTaken(ofKind(repository, 'large'))
  const inFolders = notTaken([...repository.files.values()].filter((file) => file.path.includes('/') && judgeFile(file) !== 'unread'))
  const folders = [...new Set(inFolders.map(({ path }) => `${path.split('/')[0]}/`))]
  const notes: Note[] = []
  if (otherFormats.length > 0) notes.push({ level: 'info', text: `Left out, in formats that are not baked: ${nameFiles(otherFormats)}.` })
  if (folders.length > 0) {
    const what = `${countFiles(inFolders.length)} (${gigabytes(bytesOf(inFolders))})`
    notes.push({ level: 'info', text: `Left out in ${nameSome(folders)}: ${what}.` })
  }
  if (large.length > 0) {
    const text = `Not baked: ${nameFiles(large)}, large and of an unknown kind. If the model needs it, add it to \`files\`.`
    notes.push({ level: 'warning', text })
  }
  return notes
}

/** One of the project's own documents or folders, from the root of the repository. */
export type DocumentPath = `docs/${string}` | `deploy/${string}`

const scheme = 'prebake://'

/**
 * A link to one of the project's documents, for a message. Where the document can be read depends on where the action came from, which only the shell
 * knows: whoever prints the message puts the address in its place (`resolveDocumentLinks`).
 */
export function documentLink(path: DocumentPath): string {
  return `${scheme}${path}`
}

/** The text with the address of each linked document. A full stop behind a link ends the sentence, not the path. */
export function resolveDocumentLinks(text: string, addressOf: (path: DocumentPath) => string): string {
  return text.replaceAll(/prebake:\/\/((?:docs|deploy)(?:[\w/#-]|\.(?=\w))+)/g, (_link, path: DocumentPath) => addressOf(path))
}

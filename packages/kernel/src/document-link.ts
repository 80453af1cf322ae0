/** One of the project's own documents or folders, from the root of the repository. */
export type DocumentPath = `docs/${string}` | `deploy/${string}`

const scheme = 'prebake://'

/**
 * A link to one of the project's documents, for use in a message. The address depends on where the action came from, which only the shell knows:
 * the code that prints the message replaces the link (`resolveDocumentLinks`).
 */
export function documentLink(path: DocumentPath): string {
  return `${scheme}${path}`
}

/** Replaces each link by the document's address. A full stop after a link ends the sentence and is not part of the path. */
export function resolveDocumentLinks(text: string, addressOf: (path: DocumentPath) => string): string {
  return text.replaceAll(/prebake:\/\/((?:docs|deploy)(?:[\w/#-]|\.(?=\w))+)/g, (_link, path: DocumentPath) => addressOf(path))
}

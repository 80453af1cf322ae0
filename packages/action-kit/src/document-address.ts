import { resolveDocumentLinks } from '@prebake/kernel'

/** Where the project lives, for links from a place that does not say where it has the code from: a local action (`uses: ./…`), a terminal. */
export const projectRepository = 'your-org/prebake'

/** The text with its links to the project's documents as full addresses: at the ref at which the workflow uses the action. */
export function withDocumentAddresses(text: string, env: NodeJS.ProcessEnv): string {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref, GITHUB_SERVER_URL: server } = env
  // GitHub takes HEAD for the default branch.
  const root = repository
    ? `${server || 'https://github.com'}/${repository}/blob/${encodeURI(ref || 'HEAD').replaceAll('#', '%23')}`
    : `https://github.com/${projectRepository}/blob/HEAD`
  return resolveDocumentLinks(text, (path) => `${root}/${path}`)
}

import { resolveDocumentLinks } from '@prebake/kernel'

/** The project's repository, for links from a local action (`uses: ./…`) or a terminal, which do not name it. */
export const projectRepository = 'your-org/prebake'

/** Replaces links to the project's documents by full addresses, at the ref that the workflow uses. */
export function withDocumentAddresses(text: string, env: NodeJS.ProcessEnv): string {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref, GITHUB_SERVER_URL: server } = env
  // HEAD is the default branch on GitHub.
  const root = repository
    ? `${server || 'https://github.com'}/${repository}/blob/${encodeURI(ref || 'HEAD').replaceAll('#', '%23')}`
    : `https://github.com/${projectRepository}/blob/HEAD`
  return resolveDocumentLinks(text, (path) => `${root}/${path}`)
}

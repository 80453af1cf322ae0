import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import type { RepositoryStore } from './repository-store.ts'
import { type Access, githubError, githubJson, type Route } from './route.ts'

const documentation = (page: string) => `https://docs.github.com/rest/${page}`

type Body = Readonly<Record<string, unknown>>

/** The repository, its files and git's own objects: https://docs.github.com/rest/repos/contents, https://docs.github.com/rest/git. */
export function repositoryContent(store: RepositoryStore, repository: string): readonly Route[] {
  const repo = '/repos/{owner}/{repo}'
  const write = (
    method: string,
    path: string,
    page: string,
    answer: (body: Body, parameters: Readonly<Record<string, string>>) => SimulatedResponse,
  ): Route => ({
    method,
    path: `${repo}/git/${path}`,
    documentation: documentation(page),
    handle: (request: SimulatedRequest, parameters, access: Access) =>
      access.contents === true
        ? answer(JSON.parse(request.body.toString('utf8')) as Body, parameters)
        : githubError(403, 'Resource not accessible by integration', documentation(page)),
  })
  const notFound = (page: string) => githubError(404, 'Not Found', documentation(page))
  const refused = (message: string, page: string) => githubError(422, message, documentation(page))

  return [
    {
      method: 'GET',
      path: repo,
      documentation: documentation('repos/repos#get-a-repository'),
      handle: () => githubJson(200, { full_name: repository, default_branch: store.defaultBranch }),
    },
    {
      method: 'GET',
      path: `${repo}/contents/{path}`,
      documentation: documentation('repos/contents#get-repository-content'),
      handle({ url }, { path = '' }) {
        const ref = url.searchParams.get('ref') ?? store.defaultBranch
        const content = store.filesOf(store.branch(ref) ?? ref)?.[path]
        if (content === undefined) return notFound('repos/contents#get-repository-content')
        return githubJson(200, { type: 'file', encoding: 'base64', path, content: Buffer.from(content).toString('base64') })
      },
    },
    {
      method: 'GET',
      path: `${repo}/git/ref/{ref}`,
      documentation: documentation('git/refs#get-a-reference'),
      handle(_request, { ref = '' }) {
        const sha = store.branch(ref.replace(/^heads\//, ''))
        return sha === undefined ? notFound('git/refs#get-a-reference') : githubJson(200, { ref: `refs/${ref}`, object: { sha } })
      },
    },
    write('POST', 'trees', 'git/trees#create-a-tree', ({ base_tree, tree }) => {
      const base = typeof base_tree === 'string' ? store.tree(base_tree) : {}
      if (base === undefined) return notFound('git/trees#create-a-tree')
      const entries = (tree as readonly { path: string; content: string }[]).map(({ path, content }) => [path, content])
      return githubJson(201, { sha: store.addTree({ ...base, ...(Object.fromEntries(entries) as Record<string, string>) }) })
    }),
    write('POST', 'commits', 'git/commits#create-a-commit', ({ tree, parents }) => {
      const files = store.tree(String(tree))
      if (files === undefined) return refused('Tree SHA does not exist', 'git/commits#create-a-commit')
      return githubJson(201, { sha: store.addCommit(files, parents as readonly string[]) })
    }),
    write('POST', 'refs', 'git/refs#create-a-reference', ({ ref, sha }) => {
      const name = String(ref)
      // git-check-ref-format refuses two dots; GitHub's own words.
      if (!name.startsWith('refs/heads/') || name.includes('..'))
        return refused(`${name} is not a valid ref name.`, 'git/refs#create-a-reference')
      const branch = name.slice('refs/heads/'.length)
      if (store.branch(branch) !== undefined) return refused('Reference already exists', 'git/refs#create-a-reference')
      store.setBranch(branch, String(sha))
      return githubJson(201, { ref, object: { sha } })
    }),
    write('PATCH', 'refs/{ref}', 'git/refs#update-a-reference', ({ sha }, { ref = '' }) => {
      const branch = ref.replace(/^heads\//, '')
      if (store.branch(branch) === undefined) return refused('Reference does not exist', 'git/refs#update-a-reference')
      store.setBranch(branch, String(sha))
      return githubJson(200, { ref: `refs/${ref}`, object: { sha } })
    }),
  ]
}

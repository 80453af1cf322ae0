import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import { type CommentStore, nodeId, type SimulatedComment } from './comment-store.ts'
import { type Access, githubError, githubJson, type Route } from './route.ts'

const limit = 65_536

const collection = '/repos/{owner}/{repo}/issues/{issue_number}/comments'
const single = '/repos/{owner}/{repo}/issues/comments/{comment_id}'
const documentation = (anchor: string) => `https://docs.github.com/rest/issues/comments#${anchor}`

/** Comments on issues and pull requests: https://docs.github.com/rest/issues/comments. Who may write may change those of others too. */
export function issueComments(store: CommentStore, repository: string): readonly Route[] {
  const create: Route = {
    method: 'POST',
    path: collection,
    documentation: documentation('create-an-issue-comment'),
    handle(request, { issue_number }, access) {
      if (!store.has(Number(issue_number))) return githubError(404, 'Not Found', create.documentation)
      const body = acceptedBody(request, access, create.documentation)
      if (typeof body !== 'string') return body
      return githubJson(201, present(store.add(Number(issue_number), access.login, body), repository))
    },
  }
  const update: Route = {
    method: 'PATCH',
    path: single,
    documentation: documentation('update-an-issue-comment'),
    handle(request, { comment_id }, access) {
      const found = store.find(Number(comment_id))
      if (!found) return githubError(404, 'Not Found', update.documentation)
      const body = acceptedBody(request, access, update.documentation)
      if (typeof body !== 'string') return body
      return githubJson(200, present(store.change(found, { body }), repository))
    },
  }
  const list: Route = {
    method: 'GET',
    path: collection,
    documentation: documentation('list-issue-comments'),
    handle({ url }, { issue_number }) {
      if (!store.has(Number(issue_number))) return githubError(404, 'Not Found', list.documentation)
      const found = store.all().filter(({ issue }) => issue === Number(issue_number))
      const { items, headers } = listPage(found, url)
      const shown = items.map((comment) => present(comment, repository))
      return githubJson(200, shown, headers)
    },
  }
  return [list, create, update]
}

/** The text to be stored, or GitHub's refusal of it. */
function acceptedBody({ body: sent }: SimulatedRequest, access: Access, docs: string): string | SimulatedResponse {
  if (!access.comments) return githubError(403, 'Resource not accessible by integration', docs)
  const { body } = (sent.length > 0 ? JSON.parse(sent.toString('utf8')) : {}) as { body?: unknown }
  if (typeof body !== 'string') return githubError(422, 'Invalid request.\n\n"body" wasn\'t supplied.', docs)
  if (body.trim() === '') return invalid('Body cannot be blank', docs)
  if (Array.from(body).length > limit) return invalid(`Body is too long (maximum is ${limit} characters)`, docs)
  return body
}

/** As recorded in https://github.com/vebr/jest-lcov-reporter/issues/14. */
function invalid(message: string, docs: string): SimulatedResponse {
  const errors = [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }]
  return githubJson(422, { message: 'Validation Failed', errors, documentation_url: docs, status: '422' })
}

function present(comment: SimulatedComment, repository: string) {
  const { id, issue, author, body, createdAt, updatedAt } = comment
  return {
    id,
    node_id: nodeId(comment),
    html_url: `https://github.com/${repository}/pull/${issue}#issuecomment-${id}`,
    user: { login: author, type: author.endsWith('[bot]') ? 'Bot' : 'User' },
    body,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

export interface ListPage<T> {
  readonly items: readonly T[]
  /** `Link`, where there is more than one page: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
  readonly headers: Readonly<Record<string, string>>
}

/** The page of a list that `per_page` (default 30, at most 100) and `page` (from 1) ask for. */
export function listPage<T>(all: readonly T[], url: URL): ListPage<T> {
  const size = Math.min(Math.max(Number(url.searchParams.get('per_page') ?? 30) || 30, 1), 100)
  const page = Math.max(Number(url.searchParams.get('page') ?? 1) || 1, 1)
  const last = Math.ceil(all.length / size)

  const link = (relation: string, target: number) => {
    const address = new URL(url)
    address.searchParams.set('page', String(target))
    return `<${address.href}>; rel="${relation}"`
  }
  const links = [
    ...(page > 1 ? [link('prev', page - 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
    ...(page > 1 ? [link('first', 1)] : []),
  ]
  return { items: all.slice((page - 1) * size, page * size), headers: links.length > 0 ? { link: links.join(', ') } : {} }
}

import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'
import { nodeId, type CommentStore } from './comment-store.ts'
import { type Access, githubJson, type Route } from './route.ts'

/** https://docs.github.com/graphql/reference/enums#reportedcontentclassifiers */
const classifiers = ['ABUSE', 'DUPLICATE', 'LOW_QUALITY', 'OFF_TOPIC', 'OUTDATED', 'RESOLVED', 'SPAM']

interface Document {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** The one field that is asked for; undefined for what is not known here. */
export function graphqlField({ body }: Pick<SimulatedRequest, 'body'>): 'viewer' | 'minimizeComment' | undefined {
  const [, field] = /^[^{]*\{\s*(\w+)/.exec(read(body).query) ?? []
  return field === 'viewer' || field === 'minimizeComment' ? field : undefined
}

/**
 * GraphQL, as much of it as is called: `viewer { login }`, and `minimizeComment` with the ID as a variable and the
 * classifier in the text. It does not look at what is selected. Errors come with the status 200.
 */
export function graphql(store: CommentStore): Route {
  return {
    method: 'POST',
    path: '/graphql',
    documentation: 'https://docs.github.com/graphql',
    handle(request, _parameters, access) {
      const field = graphqlField(request)
      if (field === 'viewer') return githubJson(200, { data: { viewer: { login: access.login } } })
      if (field === 'minimizeComment') return minimize(read(request.body), store, access)
      return githubJson(200, { errors: [{ type: 'undefinedField', message: 'The simulator knows viewer and minimizeComment.' }] })
    },
  }
}

function minimize({ query, variables }: Document, store: CommentStore, access: Access): SimulatedResponse {
  const refuse = (type: string, message: string) =>
    githubJson(200, { data: { minimizeComment: null }, errors: [{ type, path: ['minimizeComment'], message }] })

  const id = variables[/\bsubjectId:\s*\$(\w+)/.exec(query)?.[1] ?? '']
  const classifier = /\bclassifier:\s*(\w+)/.exec(query)?.[1] ?? ''
  if (!classifiers.includes(classifier))
    return refuse('argumentLiteralsIncompatible', `Expected ReportedContentClassifiers, got ${classifier}.`)
  const found = store.all().find((comment) => nodeId(comment) === id)
  if (!found) return refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`)
  if (!access.comments) return refuse('FORBIDDEN', 'Resource not accessible by integration')
  store.change(found, { minimized: classifier })
  return githubJson(200, { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } })
}

function read(body: Buffer): Document {
  const given = JSON.parse(body.toString('utf8') || '{}') as Partial<Document>
  return { query: given.query ?? '', variables: given.variables ?? {} }
}

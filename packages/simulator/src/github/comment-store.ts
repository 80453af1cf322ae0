/** A comment on an issue or a pull request. */
export interface SimulatedComment {
  readonly id: number
  /** The number of the issue or pull request. */
  readonly issue: number
  /** The author's login; apps have the suffix `[bot]`. */
  readonly author: string
  readonly body: string
  /** ISO 8601, in whole seconds. */
  readonly createdAt: string
  readonly updatedAt: string
  /** Why it was hidden, a classifier as in GraphQL; undefined while it shows. */
  readonly minimized?: string
}

export interface CommentStore {
  /** Whether there is an issue or pull request of this number. */
  has(issue: number): boolean
  /** In order of their IDs, which is the order in which they came. */
  all(): readonly SimulatedComment[]
  find(id: number): SimulatedComment | undefined
  add(issue: number, author: string, body: string): SimulatedComment
  change(comment: SimulatedComment, to: { readonly body: string } | { readonly minimized: string }): SimulatedComment
}

/** Comments on the issues and pull requests that `has` knows. */
export function commentStore(has: (issue: number) => boolean, now: () => Date): CommentStore {
  const comments = new Map<number, SimulatedComment>()
  const time = () => `${now().toISOString().slice(0, 19)}Z`
  const keep = (comment: SimulatedComment) => {
    comments.set(comment.id, comment)
    return comment
  }
  return {
    has,
    all: () => [...comments.values()],
    find: (id) => comments.get(id),
    add: (issue, author, body) => keep({ id: 3_000_000_001 + comments.size, issue, author, body, createdAt: time(), updatedAt: time() }),
    change: (comment, to) => keep({ ...comment, ...to, ...('body' in to && { updatedAt: time() }) }),
  }
}

/** A comment's ID in GraphQL; REST calls it `node_id`. Opaque to clients. */
export function nodeId({ id }: SimulatedComment): string {
  return `IC_${Buffer.from(String(id)).toString('base64url')}`
}

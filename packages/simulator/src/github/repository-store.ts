import { createHash } from 'node:crypto'

export type Files = Readonly<Record<string, string>>

/** A pull request of this repository, perhaps from a fork. */
export interface SimulatedPullRequest {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly title: string
  readonly body: string
  /** `owner/name` of the repository that the head is in; undefined once that fork has been deleted. */
  readonly headRepository: string | undefined
  /** Name of the head's branch. */
  readonly head: string
  readonly headSha: string
  /** Name of the branch to merge into. */
  readonly base: string
}

export interface RepositoryStore {
  readonly defaultBranch: string
  branch(name: string): string | undefined
  setBranch(name: string, sha: string): void
  /** The files of a commit, by its ID. */
  filesOf(sha: string): Files | undefined
  addTree(files: Files): string
  tree(sha: string): Files | undefined
  /** @returns the new commit's ID */
  addCommit(files: Files, parents: readonly string[]): string
  pullRequests(): readonly SimulatedPullRequest[]
  addPullRequest(
    pullRequest: Omit<SimulatedPullRequest, 'number' | 'state' | 'headSha'> & { readonly headSha?: string },
  ): SimulatedPullRequest
  changePullRequest(number: number, to: Partial<Pick<SimulatedPullRequest, 'title' | 'body' | 'state' | 'headSha'>>): void
}

/** A repository with one commit on its branch `main`. @param firstNumber of its pull requests */
export function repositoryStore(files: Files, repository: string, firstNumber: number): RepositoryStore {
  const branches = new Map<string, string>()
  const trees = new Map<string, Files>()
  const commits = new Map<string, Files>()
  const pulls: SimulatedPullRequest[] = []
  const hash = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex')
  const addCommit = (tree: Files, parents: readonly string[]) => {
    const sha = hash([tree, parents, commits.size])
    commits.set(sha, tree)
    return sha
  }
  branches.set('main', addCommit(files, []))
  /** Of an open pull request of this repository, the head is the branch's. */
  const live = (pull: SimulatedPullRequest) => {
    const isOwn = pull.headRepository === repository && pull.state === 'open'
    return isOwn ? { ...pull, headSha: branches.get(pull.head) ?? pull.headSha } : pull
  }
  return {
    defaultBranch: 'main',
    branch: (name) => branches.get(name),
    setBranch: (name, sha) => void branches.set(name, sha),
    filesOf: (sha) => commits.get(sha),
    addTree(tree) {
      const sha = hash(tree)
      trees.set(sha, tree)
      return sha
    },
    tree: (sha) => trees.get(sha) ?? commits.get(sha),
    addCommit,
    pullRequests: () => pulls.map(live),
    addPullRequest(given) {
      const pull = {
        ...given,
        number: firstNumber + pulls.length,
        state: 'open' as const,
        headSha: given.headSha ?? branches.get(given.head) ?? '',
      }
      pulls.push(pull)
      return pull
    },
    changePullRequest(number, to) {
      const index = pulls.findIndex((pull) => pull.number === number)
      const found = pulls[index]
      if (found !== undefined) pulls[index] = { ...found, ...to }
    },
  }
}

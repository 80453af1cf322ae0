import { InputError, ServiceError } from '@prebake/kernel'
import type { ActionErrorCode } from '../error-codes.ts'
import { githubCaller, type GitHubAccess } from './github-caller.ts'
import { refusedStatus } from './refused-request.ts'
import { foreignLine, readSnapshotEnv, writeSnapshotEnv } from './snapshot-env.ts'

export interface PullRequestFile extends GitHubAccess {
  readonly owner: string
  readonly repo: string
  /** Of the file in the repository: `deploy/vllm/snapshot.env`. */
  readonly path: string
  /** The token of a GitHub App or a fine-grained personal token, with "Contents: write" and "Pull requests: write". */
  readonly token: string
  /** The workflow run's page, for the pull request's text. */
  readonly runUrl?: string | undefined
}

/** A file of the repository as a `SnapshotPointer`: what changes it is proposed in a pull request. */
export interface ProposedPointer {
  readonly title: string
  readonly outlivesRunner: true
  /** What the file says on the default branch; undefined if it does not say anything. */
  read(signal: AbortSignal): Promise<string | undefined>
  /** Throws if the token may not push a branch or open a pull request, or if the file has another form. Writes nothing. */
  probe(signal: AbortSignal): Promise<void>
  /** Opens the pull request, or changes the one that is open. */
  write(value: string, signal: AbortSignal): Promise<void>
  /** The address of the pull request of the last `write`. */
  url(): string | undefined
}

const advice = {
  permission:
    'The token needs the repository permissions "Contents: write" and "Pull requests: write". Give the token of a GitHub App ' +
    '(a pull request of GITHUB_TOKEN starts no checks), or a fine-grained personal token.',
  missing: 'The repository does not exist, or the token cannot see it.',
}

/** No branch can have this name (git-check-ref-format), so that creating it is always refused: with 403 if the permission is missing, otherwise with 422. */
const impossibleRef = 'refs/heads/prebake..probe'

/**
 * The pull request that proposes another snapshot: one branch, one commit on top of the default branch, made by git's own objects
 * (https://docs.github.com/rest/git), so that it is never without its change. All calls throw ServiceError with GitHub's message, and CancelledError.
 */
export function pullRequestFile({ owner, repo, path, runUrl, ...access }: PullRequestFile): ProposedPointer {
  const title = `pull request for ${path}`
  const where = { owner, repo }
  const branch = `prebake/${path.replace(/[^\w.-]+/g, '-')}`
  const call = githubCaller(access, advice)
  const place = `${path} of ${owner}/${repo}`
  let proposed: string | undefined

  const defaultBranch = (signal: AbortSignal) =>
    call(`Look up ${owner}/${repo}`, signal, async ({ rest }, request) => (await rest.repos.get({ ...where, request })).data.default_branch)

  const textAt = (ref: string, signal: AbortSignal) =>
    call(`Read ${place}`, signal, async ({ rest }, request) => {
      const found = await rest.repos.getContent({ ...where, path, ref, request }).catch(unless(404))
      if (found === undefined) return undefined
      if (!('content' in found.data)) throw notAFile()
      return Buffer.from(found.data.content, 'base64').toString('utf8')
    })

  return {
    title,
    outlivesRunner: true,
    read: async (signal) => readSnapshotEnv((await textAt(await defaultBranch(signal), signal)) ?? ''),
    async probe(signal) {
      const base = await defaultBranch(signal)
      const text = await textAt(base, signal)
      const line = text === undefined ? undefined : foreignLine(text)
      if (line !== undefined) throw foreign(line)
      await call(`Probe whether the token may propose ${place}`, signal, async ({ rest }, request) => {
        await rest.git.createRef({ ...where, ref: impossibleRef, sha: '0'.repeat(40), request }).catch(unless(422))
        // A branch into itself has nothing to merge.
        await rest.pulls.create({ ...where, title: 'probe', head: base, base, request }).catch(unless(422))
      })
    },
    async write(value, signal) {
      const base = await defaultBranch(signal)
      const before = await textAt(base, signal)
      await push(base, writeSnapshotEnv(before, value), value, signal)
      proposed = await propose(base, describe(value, readSnapshotEnv(before ?? '')), signal)
    },
    url: () => proposed,
  }

  /** Points our branch to one commit on top of the default branch, whatever it pointed to before. */
  function push(base: string, content: string, value: string, signal: AbortSignal): Promise<void> {
    return call(`Push ${branch} to ${owner}/${repo}`, signal, async ({ rest }, request) => {
      const { data: head } = await rest.git.getRef({ ...where, ref: `heads/${base}`, request })
      const file = { path, mode: '100644', type: 'blob', content } as const
      const { data: tree } = await rest.git.createTree({ ...where, base_tree: head.object.sha, tree: [file], request })
      const message = `Serve the model from ${value}`
      const { data: commit } = await rest.git.createCommit({ ...where, message, tree: tree.sha, parents: [head.object.sha], request })
      const update = () => rest.git.updateRef({ ...where, ref: `heads/${branch}`, sha: commit.sha, force: true, request })
      if (await update().catch(unless(422, 404))) return
      // Created in between, or by an attempt of ours whose response was lost.
      if ((await rest.git.createRef({ ...where, ref: `refs/heads/${branch}`, sha: commit.sha, request }).catch(unless(422))) === undefined)
        await update()
    })
  }

  function propose(base: string, text: { readonly title: string; readonly body: string }, signal: AbortSignal): Promise<string> {
    return call(`Open a pull request for ${place}`, signal, async ({ rest }, request) => {
      const open = async () => (await rest.pulls.list({ ...where, state: 'open', head: `${owner}:${branch}`, base, request })).data[0]
      const found =
        (await open()) ??
        (await rest.pulls.create({ ...where, ...text, head: branch, base, request }).catch(unless(422)))?.data ??
        (await open())
      if (found === undefined) throw refusedPullRequest()
      if (found.body !== text.body) await rest.pulls.update({ ...where, ...text, pull_number: found.number, request })
      return found.html_url
    })
  }

  function describe(value: string, before: string | undefined) {
    const body = [
      `Serves the model from the snapshot \`${value}\`${before === undefined ? '' : ` instead of \`${before}\``}.`,
      '',
      'Merging rolls it out. Reverting rolls back. The label `benchmark`, or a comment `/benchmark`, measures it first.',
      ...(runUrl === undefined ? [] : ['', `Proposed by ${runUrl}.`]),
    ].join('\n')
    return { title: `Serve the model from ${value}`, body }
  }

  function foreign(line: number): InputError {
    const wrong = `\`${path}\` has something else than \`NAME=value\` in line ${line}.`
    const remedy = 'Give a file that holds variables only; the snapshot is written into the line `SNAPSHOT_ID=…`.'
    return new InputError([{ code: 'proposed-file-refused' satisfies ActionErrorCode, input: 'pull-request-file', wrong, remedy }])
  }

  function notAFile(): InputError {
    const code = 'proposed-file-refused' satisfies ActionErrorCode
    return new InputError([{ code, input: 'pull-request-file', wrong: `\`${path}\` is a folder.`, remedy: 'Give the path of a file.' }])
  }

  function refusedPullRequest(): ServiceError {
    const code = 'github-request-failed' satisfies ActionErrorCode
    const hint = 'Look at the rules for branches and pull requests of the repository, then re-run the job.'
    return new ServiceError(
      { operation: `Open a pull request for ${place}`, code: '422', message: 'GitHub refused it, and none is open' },
      { code, hint },
    )
  }
}

/** For `catch`: undefined for a refusal with one of these statuses; rethrows any other error. */
function unless(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (!statuses.includes(refusedStatus(error) ?? 0)) throw error
    return undefined
  }
}

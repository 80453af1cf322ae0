import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

/** Checks a local repository out, with the real git, and refuses what actions/checkout refuses. */
const input = (name: string) => process.env[`INPUT_${name.toUpperCase()}`] ?? ''
const refuse = (words: string): never => {
  console.log(`::error::${words}`)
  process.exit(1)
}

const repository = input('repository')
const ref = input('ref')
const workspace = process.env['GITHUB_WORKSPACE'] ?? ''
const target = resolve(workspace, input('path'))
if (relative(workspace, target).startsWith('..')) refuse(`Repository path '${target}' is not under '${workspace}'`)
const repositories = JSON.parse(process.env['PREBAKE_ACT_REPOSITORIES'] ?? '{}') as Record<string, string>
const source = repositories[repository] ?? refuse(`Not Found - ${repository}`)
refuseForks()

mkdirSync(target, { recursive: true })
// As `git clean -ffdx`: what other steps left in this folder goes, whatever it is.
for (const name of readdirSync(target)) if (name !== '.git') rmSync(join(target, name), { recursive: true, force: true })
const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: target, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
git('init', '--quiet')
const folders = input('sparse-checkout').split('\n').filter(Boolean)
if (folders.length > 0) git('sparse-checkout', 'set', '--cone', ...folders)
try {
  git('fetch', '--quiet', '--depth', '1', source, ref)
} catch (error) {
  refuse(`fatal: couldn't find remote ref ${ref}: ${(error as Error).message}`)
}
git('-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--force', 'FETCH_HEAD')
console.log(`Checked out ${repository} at ${git('rev-parse', 'HEAD').trim()} into ${relative(workspace, target) || '.'}`)

/** src/unsafe-pr-checkout-helper.ts of actions/checkout 7. */
function refuseForks(): void {
  const event = JSON.parse(readFileSync(process.env['GITHUB_EVENT_PATH'] ?? '/dev/null', 'utf8') || '{}') as {
    readonly repository?: { readonly id?: number }
    readonly workflow_run?: { readonly head_sha: string; readonly head_repository: { readonly id: number; readonly full_name: string } }
  }
  if (process.env['GITHUB_EVENT_NAME'] !== 'workflow_run' || event.workflow_run === undefined) return
  const { head_repository: head, head_sha: sha } = event.workflow_run
  const isOfFork = head.id !== event.repository?.id && (head.full_name === repository || ref === sha)
  if (isOfFork && input('allow-unsafe-pr-checkout') !== 'true')
    refuse("Refusing to check out fork pull request code from a 'workflow_run' workflow.")
}

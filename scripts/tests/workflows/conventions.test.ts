import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { readWorkflows, type Job, type Workflow } from '../../workflows/read-workflows.ts'

const root = join(import.meta.dirname, '../../..')
const workflows = readWorkflows()
const named = (id: string): Workflow => {
  const found = workflows.find((workflow) => workflow.id === id)
  if (found === undefined) throw new Error(`There is no workflow ${id}.`)
  return found
}
const jobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${workflow.id}/${id}`, workflow, id, job })),
)
/** The names of those for which something does not hold. */
const except = <T extends { readonly name: string }>(all: readonly T[], holds: (each: T) => boolean) =>
  all.filter((each) => !holds(each)).map(({ name }) => name)

test('the workflows are these', () => {
  expect(workflows.map(({ id }) => id)).toEqual([
    'benchmark-request',
    'benchmark',
    'build-snapshot',
    'ci',
    'prune',
    'release',
    'rollout',
    'verify-on-aws',
  ])
})

test('nothing is granted at the top, and every grant of a job says why', () => {
  expect(workflows.filter(({ permissions }) => JSON.stringify(permissions) !== '{}').map(({ id }) => id)).toEqual([])
  expect(except(jobs, ({ job }) => job.permissions !== undefined)).toEqual([])
  expect(except(jobs, ({ workflow, id, job }) => Object.keys(job.permissions ?? {}).every((key) => workflow.reasonFor(id, key)))).toEqual(
    [],
  )
})

test('every job has a name and a limit of time', () => {
  expect(except(jobs, ({ job }) => job.name !== undefined && job['timeout-minutes'] !== undefined)).toEqual([])
})

test('every job that does not run in a container starts with harden-runner, and an open egress says why', () => {
  expect(
    except(jobs, ({ job }) => job.container !== undefined || (job.steps[0]?.uses ?? '').startsWith('step-security/harden-runner@')),
  ).toEqual([])
  const open = workflows.flatMap(({ id, text }) =>
    text
      .split('\n')
      .filter((line) => /egress-policy: audit\s*$/.test(line))
      .map(() => id),
  )
  expect(open).toEqual([])
})

const used = workflows.flatMap(({ id, text }) =>
  [...text.matchAll(/uses: (?!\.\/)([\w.-]+\/[\w./-]+)@(\S+)(?: # (\S+))?/g)].map(([, action = '', ref = '', version]) => ({
    id,
    action,
    ref,
    version,
  })),
)

test('every action of others is pinned to a commit, with its version, the same everywhere', () => {
  expect(used.filter(({ ref, version }) => !/^[0-9a-f]{40}$/.test(ref) || !/^v\d+\.\d+\.\d+$/.test(version ?? ''))).toEqual([])
  for (const action of new Set(used.map(({ action: name }) => name)))
    expect(new Set(used.filter((each) => each.action === action).map(({ ref, version }) => `${ref} ${version}`)).size).toBe(1)
})

test('no checkout leaves a token behind', () => {
  const checkouts = jobs.flatMap(({ name, job }) =>
    job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')).map((step) => ({ name, step })),
  )
  expect(except(checkouts, ({ step }) => step.with?.['persist-credentials'] === false)).toEqual([])
})

/** Whether a job has more than a token that reads. */
function holdsCredentials({ permissions = {}, environment }: Job): boolean {
  return environment !== undefined || Object.entries(permissions).some(([key, level]) => level === 'write' || key === 'id-token')
}

test('no job with credentials runs a package manager', () => {
  const privileged = jobs.filter(({ job }) => holdsCredentials(job))
  expect(privileged.map(({ name }) => name)).toEqual([
    'benchmark/measure',
    'build-snapshot/build',
    'prune/prune',
    'release/publish',
    'rollout/rollout',
    'verify-on-aws/verify',
  ])
  expect(
    except(
      privileged,
      ({ job }) => !job.steps.some(({ run = '' }) => /\b(npm|npx|pnpm|yarn|corepack|pip3?|apt(-get)?|go (get|install))\b/.test(run)),
    ),
  ).toEqual([])
})

test('no release has a cache', () => {
  const { jobs: parts } = named('release')
  const steps = Object.values(parts).flatMap((job) => job.steps)
  expect(steps.filter(({ uses = '' }) => uses.startsWith('actions/cache'))).toEqual([])
  expect(
    steps.filter(({ uses = '' }) => uses.startsWith('actions/setup-node')).map((step) => step.with?.['package-manager-cache']),
  ).toEqual([false])
})

test('credentials live as long as the job may', () => {
  const assumed = jobs.flatMap(({ name, job }) =>
    job.steps.filter(({ uses }) => uses?.startsWith('aws-actions/')).map((step) => ({ name, limit: job['timeout-minutes'] ?? 0, step })),
  )
  expect(assumed.length).toBeGreaterThanOrEqual(3)
  expect(except(assumed, ({ limit, step }) => Number(step.with?.['role-duration-seconds']) >= limit * 60)).toEqual([])
})

test('money is spent only behind an environment', () => {
  const assumed = jobs.filter(({ job }) => job.steps.some(({ uses }) => uses?.startsWith('aws-actions/')))
  expect(except(assumed, ({ job }) => job.environment !== undefined)).toEqual([])
})

test('nothing runs the code of a pull request with rights, and no secret is handed on unnamed', () => {
  for (const { text, on } of workflows) {
    expect(on).not.toHaveProperty('pull_request_target')
    expect(text).not.toContain('secrets: inherit')
  }
  const { jobs: parts } = named('benchmark')
  const ours = Object.values(parts).flatMap((job) => job.steps.flatMap(({ uses = '' }) => (uses.startsWith('.') ? [uses] : [])))
  expect(ours.filter((uses) => !uses.startsWith('./.prebake/'))).toEqual([])
})

test('builds and rollouts queue, and are never cancelled half way', () => {
  const queued = { 'cancel-in-progress': false, queue: 'max' }
  expect(named('build-snapshot').concurrency).toMatchObject({ group: expect.stringContaining('inputs.model'), ...queued })
  const groups = jobs.filter(({ name }) => ['rollout/rollout', 'benchmark/measure'].includes(name)).map(({ job }) => job.concurrency)
  expect(groups).toEqual(Array(2).fill(expect.objectContaining({ group: expect.stringContaining('CLUSTER_NAME'), ...queued })))
})

const actions = Object.fromEntries(
  globSync('{actions,.github/actions}/*/action.yml', { cwd: root }).map((file) => [
    `./.prebake/${dirname(file)}`,
    parse(readFileSync(join(root, file), 'utf8')) as { readonly inputs?: Readonly<Record<string, { readonly default?: string } | null>> },
  ]),
)

test('every step of ours gives inputs that the action has', () => {
  const steps = jobs.flatMap(({ name, job }) => job.steps.filter(({ uses }) => uses?.startsWith('./')).map((step) => ({ name, step })))
  const wrong = steps.flatMap(({ name, step: { uses = '', with: given = {} } }) =>
    Object.keys(given)
      .filter((input) => !Object.hasOwn(actions[uses]?.inputs ?? {}, input))
      .map((input) => `${name}: ${basename(uses)} has no ${input}`),
  )
  expect(wrong).toEqual([])
})

test('a default of a workflow is the default of its action', () => {
  const { on } = named('build-snapshot')
  const { inputs = {} } = actions['./.prebake/actions/build-snapshot'] ?? {}
  const given = ['workflow_dispatch', 'workflow_call'].flatMap((trigger) => Object.entries(on[trigger]?.inputs ?? {}))
  const differing = given.filter(
    ([name, { default: value }]) => value !== undefined && inputs[name] !== undefined && `${value}` !== inputs[name]?.default,
  )
  expect(differing).toEqual([])
})

test('what can be dispatched can be called with the same inputs', () => {
  // A second attempt by hand; a caller has the action itself.
  const byHand = ['clear-rejection']
  for (const { id, on } of workflows) {
    if (on['workflow_call'] === undefined) continue
    const called = Object.keys(on['workflow_call']?.inputs ?? {})
    const missing = Object.keys(on['workflow_dispatch']?.inputs ?? {}).filter((name) => !called.includes(name) && !byHand.includes(name))
    expect([id, missing]).toEqual([id, []])
  }
})

test('the permissions that an action’s README asks for are those of the job that runs it', () => {
  for (const readme of globSync('actions/*/README.md', { cwd: root })) {
    const action = basename(dirname(readme))
    const block = /^permissions:\n((?: {2}.*\n)+)/m.exec(readFileSync(join(root, readme), 'utf8'))?.[1]
    const asked = (parse(block ?? '{}') ?? {}) as Readonly<Record<string, string>>
    const granted = jobs
      .filter(({ job }) => job.steps.some(({ uses }) => uses === `./.prebake/actions/${action}`))
      .map(({ job }) => job.permissions)
    // One that no workflow of ours runs, such as diagnose-startup, is for jobs of the reader's own.
    if (granted.length === 0) continue
    for (const permissions of granted) expect(Object.keys(permissions ?? {})).toEqual(expect.arrayContaining(Object.keys(asked)))
    expect([action, Object.entries(asked).every(([key, level]) => granted.some((permissions) => permissions?.[key] === level))]).toEqual([
      action,
      true,
    ])
  }
})

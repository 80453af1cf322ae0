import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

interface Step {
  readonly run?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly container?: { readonly image: string; readonly options: string }
  readonly env?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

const { jobs } = parse(readFileSync(join(import.meta.dirname, '../../.github/workflows/ci.yml'), 'utf8')) as {
  jobs: Readonly<Record<string, Job>>
}
const commands = (name: string) => jobs[name]?.steps.flatMap(({ run }) => run ?? []) ?? []

// No job with a container runs under act without Docker, so that this holds the job to what tests/real/prepare.ts asks for.
test('the suite on real parts runs as root on Debian 12, may mount, and keeps what it has built', () => {
  expect(jobs['real']?.container).toEqual({ image: 'debian:12', options: '--privileged' })
  expect(commands('real').at(-1)).toBe('npx --yes pnpm@12 test:real')
  const cached = jobs['real']?.steps.find(({ uses }) => uses?.startsWith('actions/cache@'))?.with
  expect(cached?.['path']).toBe(`${jobs['real']?.env?.['XDG_CACHE_HOME']}/prebake`)
})

test('what the README asks a reader to run is run with both of its versions of Node', () => {
  expect(commands('test')).toEqual(['npx --yes pnpm@12 demo', 'npx --yes pnpm@12 test'])
})

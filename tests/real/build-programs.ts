import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Go programs that are built together and kept together. */
export interface ProgramSet {
  /** Names the folder in the user's cache: `control-plane`. */
  readonly name: string
  /** Holds a folder with go.mod and go.sum for each module. */
  readonly root: string
  readonly modules: readonly string[]
  /** Main packages by the name that their program gets. */
  readonly programs: Readonly<Record<string, { readonly module: string; readonly package: string }>>
  /** A Go that the modules want and a machine may lack, `go1.27.3`: Go itself takes it from the module proxy. Left out: the Go that is there. */
  readonly toolchain?: string
  /** What the linker is given for the programs of a module, besides `-s -w`. */
  readonly linked?: (module: string) => readonly string[]
  /** Adds what is no program to the folder. */
  readonly complete?: (folder: string, go: Go) => void
}

/** Runs `go` in a module's folder. @returns its standard output where it is a pipe */
export type Go = (module: string, args: readonly string[], output: 'inherit' | 'pipe') => string

const build = ['build', '-trimpath', '-ldflags']

/** The user's cache folder of these tests: outside of the checkout, so that a clean clone finds it. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'prebake')

/**
 * Builds the programs from their sources of the Go module proxy, once for a set of versions, into a folder of the user's cache. Progress is Go's own.
 * @returns the folder; programs lie in its `bin`
 * @throws Error when Go is missing, too old or cannot build: a test that did not run has not passed
 */
export function buildPrograms(set: ProgramSet): string {
  const folder = join(cacheFolder, set.name, cacheKey(set))
  buildWhole(folder, (building) => buildInto(set, building))
  return folder
}

/** Fills a folder that is not there yet, whole or not at all: what is in the folder of a key has been built to its end. */
export function buildWhole(folder: string, fill: (building: string) => void): void {
  if (existsSync(folder)) return
  const parent = join(folder, '..')
  mkdirSync(parent, { recursive: true })
  const building = mkdtempSync(join(parent, 'building-'))
  try {
    fill(building)
    // Another run may have been faster: its build is as good as this one.
    if (!existsSync(folder)) renameSync(building, folder)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
}

function buildInto(set: ProgramSet, building: string): void {
  const go: Go = (module, args, output) => {
    const cwd = join(set.root, module)
    try {
      return execFileSync('go', args, { cwd, env: environment(set), encoding: 'utf8', stdio: ['ignore', output, 'inherit'] }) ?? ''
    } catch (cause) {
      throw new Error(`Build ${set.name}: \`go ${args.join(' ')}\` in ${cwd} failed. Its words stand above.`, { cause })
    }
  }
  for (const [name, { module, package: source }] of Object.entries(set.programs)) {
    console.error(`Build ${name} (${source})`)
    const linked = ['-s -w', ...(set.linked?.(module) ?? [])].join(' ')
    go(module, [...build, linked, '-o', join(building, 'bin', name), source], 'inherit')
  }
  set.complete?.(building, go)
}

/** Go's version, system and architecture. */
function goVersion(set: ProgramSet): string {
  const { error, status, stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { encoding: 'utf8', env: environment(set) })
  const wanted = set.modules.map((module) => /^go (\S+)$/m.exec(readModule(set, module, 'mod'))?.[1] ?? '').toSorted(byVersion)
  const needed = wanted.at(-1) ?? ''
  if (error || status !== 0) {
    throw new Error(`Build ${set.name}: there is no Go on this machine. Install Go ${needed} or newer and put it on PATH.`)
  }
  const [version = '', ...platform] = stdout.trim().split('\n')
  if (byVersion(version.replace(/^go/, ''), needed) < 0) {
    throw new Error(`Build ${set.name}: Go is ${version}, and its modules want ${needed}. Install Go ${needed} or newer.`)
  }
  return [version, ...platform].join(' ')
}

function cacheKey(set: ProgramSet): string {
  const linked = set.modules.map((module) => set.linked?.(module))
  const hash = createHash('sha256')
    .update(goVersion(set))
    .update(JSON.stringify([set.programs, build, linked]))
  for (const module of set.modules) hash.update(readModule(set, module, 'mod')).update(readModule(set, module, 'sum'))
  return hash.digest('hex').slice(0, 16)
}

function environment({ toolchain = 'local' }: ProgramSet): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: toolchain, GOFLAGS: '-mod=readonly', CGO_ENABLED: '0' }
}

function readModule({ root }: ProgramSet, module: string, part: 'mod' | 'sum'): string {
  return readFileSync(join(root, module, `go.${part}`), 'utf8')
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

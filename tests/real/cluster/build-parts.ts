import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What was built once, and is then only read. */
export interface Parts {
  /** Path of a program by its name: `etcd`, `kube-apiserver`. */
  program(name: Program): string
  /** YAML files of Karpenter's own custom resource definitions. */
  readonly crds: readonly string[]
}

type Program = keyof typeof programs

/** Main packages by the name that their program gets here. */
const programs = {
  etcd: { module: 'kubernetes', package: 'go.etcd.io/etcd/server/v3' },
  'kube-apiserver': { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-scheduler': { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  kubectl: { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl' },
  kwok: { module: 'kubernetes', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  karpenter: { module: 'karpenter', package: 'github.com/aws/karpenter-provider-aws/cmd/controller' },
} as const

const build = ['build', '-trimpath', '-ldflags']
const modules = ['kubernetes', 'karpenter'] as const
const crdModules = ['sigs.k8s.io/karpenter', 'github.com/aws/karpenter-provider-aws']

/**
 * Builds the programs from their sources of the Go module proxy, once for a set of versions, into a folder of the user's cache. The first build takes
 * up to 15 minutes on two cores and 4.4 GiB of memory; its progress is Go's own.
 * @throws Error when Go is missing, too old or cannot build: a test that did not run has not passed
 */
export function buildParts(): Parts {
  const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'prebake', 'control-plane', cacheKey())
  if (!existsSync(folder)) buildInto(folder)
  const crds = join(folder, 'crds')
  return {
    program: (name) => join(folder, 'bin', name),
    crds: readdirSync(crds)
      .toSorted()
      .map((file) => join(crds, file)),
  }
}

/** Go's version, system and architecture. */
function goVersion(): string {
  const { error, status, stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { encoding: 'utf8', env: environment() })
  const wanted = modules.map((module) => /^go (\S+)$/m.exec(readFileSync(modFile(module), 'utf8'))?.[1] ?? '').toSorted(byVersion)
  const needed = wanted.at(-1) ?? ''
  if (error || status !== 0) {
    throw new Error(`Build the control plane: there is no Go on this machine. Install Go ${needed} or newer and put it on PATH.`)
  }
  const [version = '', ...platform] = stdout.trim().split('\n')
  if (byVersion(version.replace(/^go/, ''), needed) < 0) {
    throw new Error(`Build the control plane: Go is ${version}, and its modules want ${needed}. Install Go ${needed} or newer.`)
  }
  return [version, ...platform].join(' ')
}

function cacheKey(): string {
  const hash = createHash('sha256')
    .update(goVersion())
    .update(JSON.stringify([programs, build, kubernetesVersion()]))
  for (const module of modules) hash.update(readFileSync(modFile(module))).update(readFileSync(modFile(module).replace(/mod$/, 'sum')))
  return hash.digest('hex').slice(0, 16)
}

/** Whole or not at all: what is in the folder of a key has been built to its end. */
function buildInto(folder: string): void {
  const parent = join(folder, '..')
  mkdirSync(parent, { recursive: true })
  const building = mkdtempSync(join(parent, 'building-'))
  try {
    for (const [name, { module, package: source }] of Object.entries(programs)) {
      console.error(`Build ${name} (${source})`)
      const linked = ['-s -w', ...(module === 'kubernetes' ? kubernetesVersion() : [])].join(' ')
      go(module, [...build, linked, '-o', join(building, 'bin', name), source], 'inherit')
    }
    for (const module of crdModules) {
      const crds = join(go('karpenter', ['list', '-m', '-f', '{{.Dir}}', module], 'pipe').trim(), 'pkg/apis/crds')
      for (const file of readdirSync(crds)) if (file.endsWith('.yaml')) cpSync(join(crds, file), join(building, 'crds', file))
    }
    // Another run may have been faster: its build is as good as this one.
    if (!existsSync(folder)) renameSync(building, folder)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
}

/** Sources do not know their own version: releases get it from the linker (hack/lib/version.sh of Kubernetes). */
function kubernetesVersion(): readonly string[] {
  const [version = '', major = '', minor = ''] =
    /\tk8s\.io\/kubernetes v(\d+)\.(\d+)\.\d+/.exec(readFileSync(modFile('kubernetes'), 'utf8')) ?? []
  const values = { gitVersion: version.split(' ')[1] ?? '', gitMajor: major, gitMinor: minor }
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((place) =>
    Object.entries(values).map(([name, value]) => `-X ${place}.${name}=${value}`),
  )
}

function go(module: string, args: readonly string[], output: 'inherit' | 'pipe'): string {
  const cwd = join(import.meta.dirname, module)
  try {
    return execFileSync('go', args, { cwd, env: environment(), encoding: 'utf8', stdio: ['ignore', output, 'inherit'] }) ?? ''
  } catch (cause) {
    throw new Error(`Build the control plane: \`go ${args.join(' ')}\` in ${cwd} failed. Its words stand above.`, { cause })
  }
}

/** The Go that is there, never one that it would fetch. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', CGO_ENABLED: '0' }
}

function modFile(module: string): string {
  return join(import.meta.dirname, module, 'go.mod')
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

if (import.meta.main) buildParts()

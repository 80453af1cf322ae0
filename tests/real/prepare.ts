/** Installs what the tests on real parts need and this machine lacks: Debian's packages by apt, Python's into a folder in the user's cache. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Packages of Debian 12, each with a program that shows that it is there. */
const debian: Readonly<Record<string, string>> = {
  containerd: '/usr/bin/containerd',
  runc: '/usr/sbin/runc',
  'docker-registry': '/usr/bin/docker-registry',
  skopeo: '/usr/bin/skopeo',
  umoci: '/usr/bin/umoci',
  xfsprogs: '/usr/sbin/mkfs.xfs',
  attr: '/usr/bin/setfattr',
  curl: '/usr/bin/curl',
  openssl: '/usr/bin/openssl',
  iproute2: '/usr/sbin/ip',
  'busybox-static': '/usr/bin/busybox',
  // For tests/real/page.
  chromium: '/usr/bin/chromium',
  // For tests/real/node.
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  debootstrap: '/usr/sbin/debootstrap',
  zstd: '/usr/bin/zstd',
  nbdkit: '/usr/bin/nbdkit',
  'libnbd-bin': '/usr/bin/nbdfuse',
}
const python = [
  'huggingface_hub==2.4.0',
  // The AWS API, for tests/real/moto.
  'moto[server]==5.2.5',
  // The AWS CLI, which GitHub's runners have.
  'awscli==1.46.3',
  // Judges the CloudFormation template.
  'cfn-lint==1.58.0',
  // Judges the workflows, for tests/real/act.
  'zizmor==1.32.0',
  // Fills the image of tests/real/node.
  'uv==0.13.9',
]

/** Outside of the checkout, so that a clean clone need not fetch it again. */
export const venv = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'prebake', 'real-venv')

/** @throws Error that says which tool cannot be had, and why: a test that did not run has not passed. */
export function prepareRealParts(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('Prepare the real parts: mounting volumes needs Linux and root. Run `pnpm test:real` as root on a Debian machine.')
  const has = (path: string) => existsSync(path) || existsSync(path.replace(/^\/usr/, ''))
  const missing = Object.keys(debian).filter((name) => !has(debian[name] ?? ''))
  if (missing.length > 0) {
    run('apt-get', ['update', '-q'])
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing])
  }
  const absent = Object.entries(debian).filter(([, path]) => !has(path))
  if (absent.length > 0)
    throw new Error(`Prepare the real parts: apt installed ${absent.join(', ')}, but not where Debian 12 has it. Use Debian 12.`)
  if (!existsSync(join(venv, 'bin/pip'))) run('python3', ['-m', 'venv', venv])
  run(join(venv, 'bin/pip'), ['install', '-q', ...python])
}

function run(program: string, args: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 10 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status === 0) return
  const words = error?.message ?? `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n')
  throw new Error(`Prepare the real parts: \`${program} ${args.join(' ')}\` failed: ${words}\nInstall it by hand, then run again.`)
}

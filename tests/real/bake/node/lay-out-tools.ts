import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'

/** What each place has besides what whole packages bring (facts A9). The admin container has neither find, xargs, tar nor gzip; the host has no shell. */
const places = {
  control: { packages: ['coreutils'], programs: ['sh', 'bash'], standIns: ['apiclient'] },
  admin: { packages: ['coreutils', 'util-linux', 'mount'], programs: ['bash', 'sh', 'curl', 'openssl'], standIns: ['sheltie'] },
  host: {
    packages: ['coreutils', 'findutils', 'util-linux', 'mount', 'xfsprogs'],
    programs: ['ctr', 'grep'],
    standIns: ['systemctl', 'systemd-run', 'journalctl'],
  },
} as const

export type Place = keyof typeof places

/**
 * Makes one folder of programs for each place: links to this machine's own programs, and stand-ins for what only Bottlerocket has.
 * @param before a folder whose programs come before this machine's
 */
export function layOutTools(folder: string, before?: string): void {
  const find = (name: string) => findProgram(name, [...(before === undefined ? [] : [before]), '/usr/bin', '/usr/sbin'])
  for (const [place, { packages, programs, standIns }] of Object.entries(places)) {
    const bin = join(folder, place)
    mkdirSync(bin, { recursive: true })
    for (const path of [...packages.flatMap(programsOf), ...programs.map(find)]) {
      if (!existsSync(join(bin, basename(path)))) symlinkSync(path, join(bin, basename(path)))
    }
    // Copied: the admin container does not see the checkout.
    for (const name of standIns) cpSync(join(import.meta.dirname, 'stand-ins', `${name}.sh`), join(bin, name))
  }
}

/** Programs of a package, as dpkg knows them. */
function programsOf(name: string): string[] {
  return execFileSync('dpkg', ['-L', name], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => /^(\/usr)?\/s?bin\/[^/]+$/.test(path))
}

function findProgram(name: string, places: readonly string[]): string {
  const path = places.map((bin) => join(bin, name)).find((each) => existsSync(each))
  if (path === undefined)
    throw new Error(`Lay out the programs of a node: ${name} is not on this machine. Run \`pnpm test:real\`, which installs it.`)
  return path
}

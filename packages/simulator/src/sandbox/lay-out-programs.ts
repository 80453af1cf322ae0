import { accessSync, constants } from 'node:fs'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** GNU coreutils, as far as a script might want them. */
const coreutils =
  '[ b2sum base32 base64 basename cat chgrp chmod chown cksum comm cp csplit cut date dd df dir dirname du echo env expand expr false fmt fold groups head id install join link ln ls md5sum mkdir mkfifo mktemp mv nice nl nohup nproc numfmt od paste pathchk pr printenv printf pwd readlink realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink vdir wc who whoami yes'.split(
    ' ',
  )

/** What each place may run besides coreutils; `real` are this machine's programs, `standIns` are in ../../sandbox. */
const places = {
  control: { real: ['bash', 'sh'], standIns: ['apiclient', 'sleep'] },
  // Facts: the admin container of Bottlerocket has neither find, xargs, tar nor gzip (bottlerocket-admin-container's Dockerfile, amazon-linux-2023#585).
  admin: { real: ['bash', 'sh', 'curl', 'openssl', 'setsid', 'flock'], standIns: ['sheltie', 'sleep', 'df', 'stat', 'sync'] },
  // The host has no shell at all.
  'host-programs': { real: [], standIns: ['systemctl', 'systemd-run', 'journalctl', 'sleep', 'sync'] },
} as const

/** The real program that a stand-in leans on. */
const leansOn: Readonly<Record<string, string>> = { df: 'du', stat: 'stat', sleep: 'sleep' }

/** Makes one folder of programs for each place in `folder`: `control`, `admin` and `host-programs`; and the kubelet's plugin in `host`. @throws Error naming a program that this machine lacks. */
export async function layOutPrograms(folder: string): Promise<void> {
  const bash = find('bash')
  for (const [place, { real, standIns }] of Object.entries(places)) {
    const bin = join(folder, place)
    await mkdir(bin)
    for (const name of real) await symlink(find(name), join(bin, name))
    for (const name of standIns) {
      const script = fileURLToPath(new URL(`../../sandbox/${name}.sh`, import.meta.url))
      const leaning = leansOn[name]
      await writeProgram(join(bin, name), [bash, script, ...(leaning === undefined ? [] : [find(leaning)])])
    }
    const taken: readonly string[] = [...real, ...standIns]
    for (const name of coreutils) {
      if (!taken.includes(name) && has(name)) await symlink(find(name), join(bin, name))
    }
  }
  const plugins = join(folder, 'host/usr/libexec/kubernetes/kubelet/plugins')
  await mkdir(plugins, { recursive: true })
  const plugin = fileURLToPath(new URL('../../sandbox/ecr-credential-provider.sh', import.meta.url))
  await writeProgram(join(plugins, 'ecr-credential-provider'), [bash, plugin])
  // A build asks it again and again: without the cache most of its time goes into taking the types out of its source.
  const cached = [find('env'), `NODE_COMPILE_CACHE=${join(tmpdir(), 'prebake-compile-cache')}`]
  await writeProgram(join(folder, 'host-programs/ctr'), [...cached, process.execPath, fileURLToPath(new URL('./ctr.ts', import.meta.url))])
}

/** A program that runs another one: an interpreter line alone takes no blanks and only one argument. */
async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
  await writeFile(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`)
  await chmod(path, 0o755)
}

function find(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    if (isExecutable(path)) return path
  }
  throw new Error(`Start a simulated host: ${name} is not on this machine's PATH. Install it.`)
}

function has(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

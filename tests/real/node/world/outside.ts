import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Addresses of the link to what stands for the internet. */
export const outside = {
  link: 'outside',
  gateway: '10.98.0.254',
  hub: '10.98.0.1',
  /** Where large files are: another host than the hub, as on the real one. */
  store: '10.98.0.2',
  hubPort: 8080,
  registryPort: 5000,
  pods: '10.88.0.0/16',
} as const

export interface Outside {
  /** The hub, as pods reach it. */
  readonly hubUrl: string
  /** containerd's hosts.toml that takes a registry's images from there. */
  readonly hosts: string
  stop(): Promise<void>
}

/** Starts a registry and a hub that nodes and pods reach through a link of so many Mbit/s (`tc tbf`). They end with this process. */
export async function startOutside(folder: string, model: string, commit: string, megabits: number): Promise<Outside> {
  const program = [process.execPath, join(import.meta.dirname, 'serve-outside.ts'), folder, model, commit, String(megabits)]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', ...program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Start registry and hub behind a link: it ended with ${code}. Its words stand above.`)))
  })
  execFileSync('ip', ['address', 'add', `${outside.gateway}/24`, 'dev', outside.link])
  execFileSync('ip', ['link', 'set', outside.link, 'up'])
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1')
  const registry = `http://${outside.hub}:${outside.registryPort}`
  return {
    hubUrl: `http://${outside.hub}:${outside.hubPort}`,
    hosts: `server = "${registry}"\n[host."${registry}"]\n  capabilities = ["pull", "resolve"]\n`,
    async stop() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

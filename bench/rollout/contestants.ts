import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStep } from '@prebake/action-kit/testing'
import { buildParts } from '../../tests/real/cluster/build-parts.ts'
import { watchPeak } from './watch-peak.ts'

/** What is to be rolled out, and where. */
export interface Task {
  /** With `manifests/`, and whatever a run leaves. */
  readonly folder: string
  /** As text. */
  readonly kubeconfig: string
  /** Whose pods are to serve in the end; left out: applied is enough. */
  readonly deployment?: string
  readonly dryRun?: boolean
}

export interface Run {
  readonly seconds: number
  /** Until the last document was applied, or tried in a dry run. */
  readonly appliedSeconds: number
  /** In milliseconds since 1970: when the last process had ended. */
  readonly endedAt: number
  readonly peakMebibytes: number
}

export interface Contestant {
  readonly name: string
  /** How its requests call themselves, at the beginning. */
  readonly userAgent: string
  /** @throws Error when it fails, with its words */
  readonly run: (task: Task) => Promise<Run>
}

export const now = (): number => performance.timeOrigin + performance.now()

/** The bundled action, as a runner starts it. */
export const ours: Contestant = {
  name: 'apply-manifests',
  userAgent: 'prebake',
  async run({ folder, kubeconfig, dryRun = false }) {
    const startedAt = now()
    let appliedAt: number | undefined
    let peak = () => 0
    const { main } = await runStep({
      action: join(import.meta.dirname, '../../actions/apply-manifests'),
      inputs: { manifests: 'manifests', kubeconfig, timeout: '10m', 'dry-run': String(dryRun) },
      environment: {},
      workspace: folder,
      temp: join(folder, 'runner'),
      onStart: (pid) => void (peak = watchPeak(pid)),
      onLine: (line) => void (line.includes('Wait until it serves') && (appliedAt ??= now())),
    })
    const endedAt = now()
    if (main.exitCode !== 0) throw new Error(`bench rollout: apply-manifests failed: ${main.lines.slice(-20).join('\n')}`)
    return { ...timesOf(startedAt, appliedAt ?? endedAt, endedAt), peakMebibytes: peak() }
  },
}

/** As on a runner, where nothing that kubectl found out earlier is kept. The same field manager, so that both may change the same fields. */
export const kubectl: Contestant = {
  name: 'kubectl apply --server-side, kubectl rollout status',
  userAgent: 'kubectl',
  async run({ folder, kubeconfig, deployment, dryRun = false }) {
    const home = mkdtempSync(join(folder, 'home-'))
    const config = join(home, 'config.json')
    writeFileSync(config, kubeconfig)
    const start = (args: readonly string[]) => runKubectl(args, { HOME: home, KUBECONFIG: config })
    const startedAt = now()
    const apply = ['apply', '--server-side', '--field-manager=prebake', ...(dryRun ? ['--dry-run=server'] : []), '-f']
    const peaks = [await start([...apply, join(folder, 'manifests')])]
    const appliedAt = now()
    if (deployment !== undefined) peaks.push(await start(['rollout', 'status', `deployment/${deployment}`, '--timeout=10m']))
    return { ...timesOf(startedAt, appliedAt, now()), peakMebibytes: Math.max(...peaks) }
  },
}

/** @returns the most memory that it had, in MiB */
async function runKubectl(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(buildParts().program('kubectl'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const peak = watchPeak(child.pid ?? 0)
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (words += text))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const mebibytes = peak()
  if (code !== 0) throw new Error(`bench rollout: kubectl ${args.join(' ')} failed: ${words.slice(-2000)}`)
  return mebibytes
}

function timesOf(startedAt: number, appliedAt: number, endedAt: number): Omit<Run, 'peakMebibytes'> {
  return { seconds: (endedAt - startedAt) / 1000, appliedSeconds: (appliedAt - startedAt) / 1000, endedAt }
}

/** Texts by their names, as the only manifests of a task. */
export function writeManifests(folder: string, files: readonly { readonly path: string; readonly text: string }[]): void {
  mkdirSync(join(folder, 'manifests'), { recursive: true })
  for (const { path, text } of files) writeFileSync(join(folder, 'manifests', path), text)
}

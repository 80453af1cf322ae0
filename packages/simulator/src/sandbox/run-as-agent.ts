import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface AgentRun {
  readonly exitCode: number
  /** Standard output and standard error, as they came. */
  readonly output: string
  readonly timedOut: boolean
}

/**
 * Runs one line as the SSM agent does: as a script file, in a process group of its own, waiting until every descriptor of it is closed.
 * Like the agent it keeps script and output in `orchestration`, which lies on the data volume.
 */
export async function runAsAgent(
  line: string,
  options: { orchestration: string; shell: string; environment: Readonly<Record<string, string>>; timeoutMs: number },
): Promise<AgentRun> {
  const folder = join(options.orchestration, randomUUID(), 'awsrunShellScript/0.awsrunShellScript')
  await mkdir(folder, { recursive: true })
  const script = join(folder, '_script.sh')
  await writeFile(script, `${line}\n`)
  const ended = await runScript(script, options)
  // The folder may be gone: a sealed host has emptied it.
  await writeFile(join(folder, 'stdout'), ended.output).catch(() => {})
  return ended
}

function runScript(
  script: string,
  { shell, environment, timeoutMs }: { shell: string; environment: Readonly<Record<string, string>>; timeoutMs: number },
): Promise<AgentRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(shell, [script], { env: environment, cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let timedOut = false
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const timer = setTimeout(() => {
      timedOut = true
      if (child.pid !== undefined) endGroup(child.pid)
      // Whoever has left the group may still hold the descriptors.
      child.stdout.destroy()
      child.stderr.destroy()
    }, timeoutMs)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ exitCode: code ?? 137, output, timedOut })
    })
  })
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

import { readFileSync, rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash, randomUUID } from 'node:crypto'
import { simulatedClock } from '@prebake/simulator'
import { createHostSandbox, type SandboxSettings } from '@prebake/simulator/sandbox'
import { composeCommand, type CommandFiles } from '../../src/builder/compose-command.ts'
import { sealEnvelope } from '../../src/builder/envelope.ts'
import { parseAnswer, parseStatus, type Answer, type BakeStatus } from '../../src/builder/parse-answer.ts'
import { hostScripts } from '../../src/host-scripts.ts'

/** A builder in a sandbox that is initialized; sleeps pass a hundred times as fast. */
export interface Builder {
  readonly root: string
  /** Its memory, where scripts, key and state are. */
  readonly work: string
  readonly key: Uint8Array
  run(script: string, args?: readonly string[], files?: CommandFiles): Promise<Answer & { exitCode: number; output: string }>
  /** With plan lines, or with a piece. */
  start(content: readonly string[] | Uint8Array): Promise<Answer & { exitCode: number; output: string }>
  status(): Promise<BakeStatus>
  /** Looks until the status is as wanted. @throws Error with the last status when it can no longer become so, or after 20 s. */
  until(wanted: (status: BakeStatus) => boolean): Promise<BakeStatus>
  copyDataVolume(folder: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startBuilder(settings: Partial<SandboxSettings> = {}): Promise<Builder> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-host-'))
  const sandbox = await createHostSandbox({ folder, clock: simulatedClock(100), bottlerocketVersion: '1.57.0', ...settings })
  const work = join(sandbox.root, '../memory/prebake')
  const run: Builder['run'] = async (script, args = [], files = {}) => {
    const answers = []
    for (const line of composeCommand(script, args, files)) answers.push(await sandbox.run(line, { timeoutMs: 30_000 }))
    const { output = '', exitCode = 1, timedOut } = answers.at(-1) ?? {}
    if (timedOut) throw new Error(`${script} did not end:\n${output}`)
    return { ...parseAnswer(output), output, exitCode }
  }
  const init = await run('init.sh', ['3600'], { scripts: hostScripts() })
  const key = Buffer.from(init.lines.get('key')?.[0] ?? '', 'base64')
  const status = async () => {
    const answer = await run('status.sh')
    const parsed = parseStatus(answer)
    if (parsed === undefined) throw new Error(`no status: ${answer.output}`)
    return parsed
  }
  return {
    root: sandbox.root,
    work,
    key,
    run,
    start: (content) => {
      const name = `plan-${randomUUID()}`
      const plain = content instanceof Uint8Array ? content : `${content.join('\n')}\n`
      return run('start.sh', [name], { inbox: { [name]: sealEnvelope(plain, key) } })
    },
    status,
    async until(wanted) {
      const end = Date.now() + 20_000
      for (;;) {
        const last = await status()
        if (wanted(last)) return last
        if (Date.now() > end || ['done', 'failed'].includes(last.state))
          throw new Error(`Not as wanted: ${JSON.stringify(last)}\n${readFileSync(join(work, 'state/work.log'), 'utf8')}`)
      }
    },
    copyDataVolume: (to) => sandbox.copyDataVolume(to),
    async [Symbol.asyncDispose]() {
      await sandbox.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const modelLine = 'model\towner/name\t0123456789abcdef0123456789abcdef01234567\tmain'
export const repository = 'local/mnt/models/hf-cache/hub/models--owner--name'
export const snapshotFolder = `${repository}/snapshots/0123456789abcdef0123456789abcdef01234567`

/** Bytes that repeat nowhere, so that a piece in the wrong place is seen. */
export function content(size: number, seed = 'a'): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, index) => createHash('sha256').update(`${seed}${index}`).digest())
  return Buffer.concat(blocks).subarray(0, size)
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
export const gitSha1 = (bytes: Buffer) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

export const fileLine = (index: number, path: string, bytes: Buffer) => `file\t${index}\t${bytes.length}\tsha256\t${sha256(bytes)}\t${path}`

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAws } from '../../src/aws/create-aws.ts'
import type { HostSandbox, HostSandboxOptions } from '../../src/aws/host.ts'
import { scriptFaults, type Fault } from '../../src/core/faults.ts'
import { openJournal } from '../../src/core/journal.ts'
import { serve } from '../../src/core/serve.ts'
import { seededRandom } from '../../src/core/world.ts'
import { manualClock } from './manual-clock.ts'

/** A host that is one bare folder: commands run in it with bash, and all of it is the data volume. `poweroff` powers it off. */
export async function bareHost({ folder, fromVolume, onPowerOff }: HostSandboxOptions): Promise<HostSandbox> {
  const root = await mkdtemp(join(folder, 'host-'))
  if (fromVolume !== undefined) await cp(fromVolume, root, { recursive: true })
  return {
    root,
    run: (line, { timeoutMs }) =>
      new Promise((resolve) => {
        if (line === 'poweroff') onPowerOff?.()
        execFile('bash', ['-c', line], { cwd: root, timeout: timeoutMs }, (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
          resolve({ exitCode, output: stdout + stderr, timedOut: error?.killed === true })
        })
      }),
    copyDataVolume: (target) => cp(root, target, { recursive: true }),
    destroy: () => rm(root, { recursive: true, force: true }),
  }
}

/** The simulated account on a clock that the test moves, with bare hosts. */
export async function startAws(options: { describeLagSeconds?: number; faults?: readonly Fault[]; denied?: readonly string[] } = {}) {
  const clock = manualClock()
  const journal = openJournal()
  const simulation = { clock, journal, faultFor: scriptFaults(options.faults ?? []), random: seededRandom(7) }
  const folder = await mkdtemp(join(tmpdir(), 'prebake-aws-'))
  const { describeLagSeconds = 0, denied = [] } = options
  const aws = createAws(simulation, { folder, createSandbox: bareHost, describeLagSeconds, denied })
  const server = await serve(aws.service, simulation)
  return {
    ...aws,
    url: server.url,
    clock,
    journal,
    folder,
    /** Lets simulated time pass, second by second, until there is something to see: hosts copy real files meanwhile. */
    async eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
      const limit = Date.now() + 4000
      while (Date.now() < limit) {
        const seen = await look()
        if (seen !== undefined) return seen
        await clock.advance(1)
      }
      throw new Error('nothing to see after 4 s')
    },
    async close() {
      await server.close()
      await aws.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type RunningAws = Awaited<ReturnType<typeof startAws>>

const signature = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-west-2/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`

/** One request of the query protocol, as the wire has it. */
export async function query(url: string, action: string, parameters: Readonly<Record<string, string>> = {}, signed = true) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(signed && { authorization: signature('ec2') }) },
    body: new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }),
  })
  const body = await response.text()
  return { status: response.status, body, code: /<Code>(.*?)<\/Code>/.exec(body)?.[1] }
}

/** One request of SSM, as the wire has it. */
export async function ssm(url: string, operation: string, input: unknown, signed = true) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AmazonSSM.${operation}`,
      ...(signed && { authorization: signature('ssm') }),
    },
    body: JSON.stringify(input),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

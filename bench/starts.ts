import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isolated } from '../tests/real/isolated.ts'
import { judgeGround, lookAtGround } from '../tests/real/node/check-ground.ts'
import { removeCgroups } from '../tests/real/node/machine/cgroups.ts'
import { prepareRealParts } from '../tests/real/prepare.ts'
import { median } from './median.ts'
import type { Start, Starts } from './starts/starts.ts'

const rounds = 3
const megabits = 1000

/**
 * Starts of the real vLLM, for the CPU and with a tiny model, on the nodes of `test:real node`: as ratios of what was measured in one run on one machine.
 * Needs what that suite needs, and half an hour.
 */
export function startsOfVllm(): Promise<readonly string[]> {
  const lacking = judgeGround(lookAtGround(tmpdir()))
  if (lacking.length > 0) return Promise.reject(new Error(lacking.join('\n')))
  prepareRealParts()
  const program = [process.execPath, join(import.meta.dirname, 'starts/measure-starts.ts'), String(rounds), String(megabits)]
  const [command = '', ...more] = [...isolated, ...program]
  const { stdout, status } = spawnSync(command, more, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  removeCgroups()
  if (status !== 0) return Promise.reject(new Error(`bench starts: it ended with ${status}. Its words stand above.`))
  const { whole, warm, filling300, filling100, control } = JSON.parse(stdout) as Starts
  return Promise.resolve([
    compare(`baked beside control (image and model through ${megabits} Mbit/s)`, control, whole, ({ seconds }) => seconds),
    compare('the same node again, compile cache and pages warm, beside a new node', whole, warm, ({ seconds }) => seconds),
    ...(
      [
        ['300', filling300],
        ['100', filling100],
      ] as const
    ).flatMap(([rate, filling]) => [
      compare(`volume whole beside filling at ${rate} MiB/s`, filling, whole, ({ seconds }) => seconds),
      compare(`Python’s imports, volume whole beside filling at ${rate} MiB/s`, filling, whole, ({ importSeconds }) => importSeconds),
    ]),
  ])
}

/** `1.4 times as fast`, with both medians and every value behind it. */
function compare(title: string, slow: readonly Start[], fast: readonly Start[], of: (start: Start) => number): string {
  const [slower, faster] = [slow.map(of), fast.map(of)]
  const shown = (values: readonly number[]) => `${median(values).toFixed(1)} s (${values.map((value) => value.toFixed(1)).join(', ')})`
  return `start, ${title}: ${(median(slower) / median(faster)).toFixed(1)} times as fast, ${shown(faster)} for ${shown(slower)}; ${rounds} rounds, vLLM on the CPU with a tiny model`
}

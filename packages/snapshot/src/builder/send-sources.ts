import { randomUUID } from 'node:crypto'
import type { BuildPorts } from '../build-request.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { composeCommand } from './compose-command.ts'
import { sealEnvelope } from './envelope.ts'
import { addressLine, pieceLine, splitPlan } from './plan-lines.ts'
import { requireOnBuilder, type Line } from './run-on-builder.ts'

/** Plain bytes of a plan part: encrypted and written in base64 twice, it must fit into one SSM document of 64 KB. */
const partLimit = 28_000
const pieceBytes = 15_000
/** How many addresses are asked for at once: a hub counts requests per five minutes and address (facts B14). */
const concurrency = 4

/** Sends plan lines to the builder, encrypted, in as many commands as they need, and has its worker started. */
export async function sendPlan(line: Line, publicKey: string, lines: readonly string[]): Promise<void> {
  for (const part of splitPlan(lines, partLimit)) {
    // By its name the builder knows an envelope that it has opened, when the command is sent again.
    const name = `plan-${randomUUID()}`
    await requireOnBuilder(line, 'start', composeCommand('start.sh', [name], { inbox: { [name]: sealEnvelope(part, publicKey) } }))
  }
}

/** Plan lines that say where these files come from: a fresh address each, or the content of what only the runner can read. */
export async function sourceLines(
  indexes: readonly number[],
  { listing, recipe }: BuildPlan,
  { hub }: Pick<BuildPorts, 'hub'>,
  signal: AbortSignal,
): Promise<string[]> {
  const lines: string[][] = []
  const waiting = [...indexes.entries()]
  const ask = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [position, index] = next
      const file = recipe.files[index]
      if (file === undefined) continue
      const source = await hub.locate(listing, file, signal)
      lines[position] = source.kind === 'address' ? [addressLine(index, source.url)] : pieces(index, await hub.read(listing, file, signal))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, ask))
  return lines.flat()
}

function pieces(index: number, content: Uint8Array): string[] {
  const offsets = Array.from({ length: Math.ceil(content.length / pieceBytes) }, (_, piece) => piece * pieceBytes)
  return offsets.map((offset) => pieceLine(index, offset, content.subarray(offset, offset + pieceBytes)))
}

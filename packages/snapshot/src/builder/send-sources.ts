import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { mapConcurrently } from '@prebake/kernel'
import type { BuildPorts } from '../build-request.ts'
import type { BuildPlan } from '../resolve-plan.ts'
import { composeCommand, mostBytesInOneLine } from './compose-command.ts'
import { sealEnvelope } from './envelope.ts'
import type { BuilderKey } from './initialize-builder.ts'
import { addressLine, packedLine, piece, splitPlan } from './plan-lines.ts'
import { requireOnBuilder, type BuilderSession } from './run-on-builder.ts'

/** An envelope adds at most 171 bytes to its content (host/README.md, "Envelope"), and a piece starts with a line. */
const partLimit = mostBytesInOneLine - 256
/** Concurrent requests for addresses: a hub counts requests per five minutes and IP address (facts B14). */
const hubConcurrency = 4
/** The SSM agent runs five commands at once (amazon-ssm-agent, `CommandWorkersLimit`); one stays free. */
const commandConcurrency = 4

/** What the builder needs to get files: plan lines, and in pieces the content of files that only the runner can read. */
export interface Sources {
  readonly lines: readonly string[]
  readonly pieces: readonly Uint8Array[]
}

/** Sends the plan lines to the builder, encrypted, in as many commands as necessary, then the pieces. Its worker starts with the first command. */
export async function sendPlan(session: BuilderSession, { publicKey }: BuilderKey, { lines, pieces }: Sources): Promise<void> {
  const send = async (content: string | Uint8Array) => {
    // By its name the builder recognizes an envelope that it has already opened, if the command is sent again.
    const name = `plan-${randomUUID()}`
    await requireOnBuilder(session, 'start', composeCommand('start.sh', [name], { inbox: { [name]: sealEnvelope(content, publicKey) } }))
  }
  for (const part of splitPlan(lines, partLimit)) await send(part)
  await mapConcurrently(pieces, commandConcurrency, send)
}

/**
 * The sources of these files: a fresh address each, or the content if only the runner can read it, compressed if the builder can inflate it.
 * @param choice `addressesOnly`: addresses expire, content does not.
 */
export async function sourcesOf(
  indexes: readonly number[],
  { inflates }: Pick<BuilderKey, 'inflates'>,
  { listing, recipe }: BuildPlan,
  { hub }: Pick<BuildPorts, 'hub'>,
  signal: AbortSignal,
  { addressesOnly = false }: { readonly addressesOnly?: boolean } = {},
): Promise<Sources> {
  const none: Sources = { lines: [], pieces: [] }
  const sources = await mapConcurrently(indexes, hubConcurrency, async (index): Promise<Sources> => {
    const file = recipe.files[index]
    if (file === undefined) return none
    const source = await hub.locate(listing, file, signal)
    if (source.kind === 'address') return { lines: [addressLine(index, source.url)], pieces: [] }
    if (addressesOnly) return none
    return inPieces(index, await hub.read(listing, file, signal), inflates)
  })
  return { lines: sources.flatMap(({ lines }) => lines), pieces: sources.flatMap(({ pieces }) => pieces) }
}

/** The agent needs one to three seconds per command (docs/assumptions.md). */
export function describePieces({ pieces }: Sources): string {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
  const seconds = Math.ceil((pieces.length / commandConcurrency) * 2)
  return `Files that only this token can read are sent through SSM: ${(bytes / 1e6).toFixed(1)} MB in ${pieces.length} commands, about ${seconds} s.`
}

function inPieces(index: number, content: Uint8Array, inflates: boolean): Sources {
  const compressed = inflates ? gzipSync(content, { level: 9 }) : content
  const packed = compressed.length < content.length
  const bytes = packed ? compressed : content
  const offsets = Array.from({ length: Math.ceil(bytes.length / partLimit) }, (_, part) => part * partLimit)
  return {
    lines: packed ? [packedLine(index, bytes.length)] : [],
    pieces: offsets.map((offset) => piece(index, offset, bytes.subarray(offset, offset + partLimit))),
  }
}

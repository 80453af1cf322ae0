import { createReadStream } from 'node:fs'

/** What must be nowhere, by the name that a finding gives it. */
export type Secrets = Readonly<Record<string, string>>

/**
 * Reads every block of a file, used or not, and names each secret that is in it: in the clear, or in base64 up to three times over (as a command carries
 * it), in one line or wrapped at any width.
 */
export async function findInVolume(file: string, secrets: Secrets): Promise<string[]> {
  const wanted = inBytes(secrets)
  const zeros = Buffer.alloc(blockBytes)
  const found = new Set<string>()
  let tail = Buffer.alloc(0)
  for await (const block of createReadStream(file, { highWaterMark: blockBytes }) as AsyncIterable<Buffer>) {
    const isEmpty = block.equals(zeros.subarray(0, block.length))
    if (!isEmpty) search(Buffer.concat([tail, block]), wanted, found)
    tail = isEmpty ? Buffer.alloc(0) : Buffer.from(block.subarray(-overlapBytes))
  }
  return [...found].sort()
}

/** The same for texts: commands, their output, log lines, user data. */
export function findInText(text: string, secrets: Secrets): string[] {
  const found = new Set<string>()
  search(Buffer.from(text), inBytes(secrets), found)
  return [...found].sort()
}

const blockBytes = 1 << 20
/** More than one command, which is at most 60,000 characters long. */
const overlapBytes = 1 << 17
const depth = 3

/** Whatever could be base64; shorter ones hold no secret. Line breaks count as nothing. */
const run = /(?:[A-Za-z0-9+/_-](?:\r?\n)?){20,}/g

type Wanted = readonly { readonly name: string; readonly bytes: Buffer }[]

function inBytes(secrets: Secrets): Wanted {
  return Object.entries(secrets).map(([name, secret]) => {
    if (secret.length < 16) throw new RangeError(`${name} is too short to be distinguished from chance.`)
    // Padding of a secret that is base64 itself: a run of base64 ends before it.
    return { name, bytes: Buffer.from(secret.replace(/=+$/, '')) }
  })
}

function search(bytes: Buffer, wanted: Wanted, found: Set<string>, layers = depth): void {
  for (const secret of wanted) if (bytes.includes(secret.bytes)) found.add(secret.name)
  for (const [text] of bytes.toString('latin1').matchAll(run)) {
    const joined = text.replaceAll(/[\r\n]/g, '')
    // A secret may itself be base64, and wrapped.
    if (joined.length < text.length)
      for (const secret of wanted) if (joined.includes(secret.bytes.toString('latin1'))) found.add(secret.name)
    if (layers === 0) continue
    // Where the encoded text begins in the run is not known: each of four beginnings is tried.
    for (let start = 0; start < 4; start++) search(Buffer.from(joined.slice(start), 'base64'), wanted, found, layers - 1)
  }
}

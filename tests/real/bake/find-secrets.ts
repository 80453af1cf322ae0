import { createReadStream } from 'node:fs'

/** What must be nowhere, by the name that a finding gives it. */
export type Secrets = Readonly<Record<string, string>>

/** Reads every block of a file, used or not, and names each secret that is in it: in the clear, in base64, or in base64 twice, as a command carries it. */
export async function findInVolume(file: string, secrets: Secrets): Promise<string[]> {
  const forms = formsOf(secrets)
  const overlap = Math.max(...forms.map(({ bytes }) => bytes.length))
  const zeros = Buffer.alloc(blockBytes)
  const found = new Set<string>()
  let tail = Buffer.alloc(0)
  for await (const block of createReadStream(file, { highWaterMark: blockBytes }) as AsyncIterable<Buffer>) {
    const isEmpty = block.equals(zeros.subarray(0, block.length))
    const text = isEmpty ? Buffer.concat([tail, zeros.subarray(0, overlap)]) : Buffer.concat([tail, block])
    if (!isEmpty || tail.length > 0) for (const { name, bytes } of forms) if (text.includes(bytes)) found.add(name)
    tail = isEmpty ? Buffer.alloc(0) : Buffer.from(block.subarray(-overlap))
  }
  return [...found].sort()
}

/** The same for texts: commands, their output, log lines, user data. */
export function findInText(text: string, secrets: Secrets): string[] {
  const bytes = Buffer.from(text)
  return [
    ...new Set(
      formsOf(secrets)
        .filter((form) => bytes.includes(form.bytes))
        .map(({ name }) => name),
    ),
  ].sort()
}

const blockBytes = 1 << 20

function formsOf(secrets: Secrets): { name: string; bytes: Buffer }[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    if (secret.length < 16) throw new RangeError(`${name} is too short to be told from chance.`)
    const once = inBase64(Buffer.from(secret))
    const twice = once.flatMap((text) => inBase64(Buffer.from(text)))
    return [secret, ...once, ...twice].map((text) => ({ name, bytes: Buffer.from(text) }))
  })
}

/** What of the base64 text does not depend on what stands before and after, for each of the three ways to lie in it. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const end = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1
    return text.slice(before === 0 ? 0 : before + 1, end)
  })
}

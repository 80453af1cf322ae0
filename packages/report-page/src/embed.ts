import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

/** As compressed base64: short, and nothing in it can end the element that it stands in. */
export function embedded(value: unknown): string {
  return gzipSync(JSON.stringify(value), { level: 9 }).toString('base64')
}

/** A source of a content security policy that allows exactly this inline text. */
export function inlineSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

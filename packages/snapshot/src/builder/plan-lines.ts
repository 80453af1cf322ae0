import type { ModelFile } from '../ports/model-hub.ts'
import type { Architecture } from '@prebake/snapshot-record'
import type { RegistryLogins } from '../ports/image-registry.ts'
import type { Recipe } from '../recipe.ts'

/** Lines of the plan that the scripts read (host/README.md, "Plan lines"): tab-separated fields. */
export function recipeLines(recipe: Recipe, revision: string): string[] {
  return [
    line('model', recipe.model, recipe.commit, revision),
    ...recipe.files.map(fileLine),
    ...recipe.images.map(({ name, tag, digest }) => line('image', platforms[recipe.architecture], name, tag ?? '-', digest)),
  ]
}

/** Logins for the registries of the recipe's images only; other logins stay on the runner. Confidential. */
export function loginLines({ images }: Pick<Recipe, 'images'>, logins: RegistryLogins = {}): string[] {
  const needed = new Set(images.map(({ name }) => name.slice(0, name.indexOf('/'))))
  return [...needed].flatMap((registry) => {
    const login = logins[registry]
    return login === undefined ? [] : [line('login', registry, Buffer.from(`${login.username}:${login.password}`).toString('base64'))]
  })
}

export function addressLine(index: number, url: string): string {
  return line('address', index, url)
}

/** The pieces of this file form a gzip stream of this many bytes. */
export function packedLine(index: number, bytes: number): string {
  return line('packed', index, bytes)
}

/** The content of an envelope with file content instead of lines. @param offset in bytes: of the piece in the file, or in its gzip stream */
export function piece(index: number, offset: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${line('piece', index, offset)}\n`), content])
}

/** Joins lines into parts of at most `limit` bytes. @throws RangeError for a line that is longer */
export function splitPlan(lines: readonly string[], limit: number): string[] {
  const parts: string[] = []
  let part = ''
  for (const text of lines) {
    const bytes = Buffer.byteLength(text) + 1
    if (bytes > limit) throw new RangeError(`A plan's line has ${bytes} bytes; the limit of one command is ${limit}: ${text.slice(0, 80)}…`)
    if (part !== '' && Buffer.byteLength(part) + bytes > limit) {
      parts.push(part)
      part = ''
    }
    part += `${text}\n`
  }
  return part === '' ? parts : [...parts, part]
}

const platforms: Record<Architecture, string> = { x86_64: 'linux/amd64', arm64: 'linux/arm64' }

function fileLine(file: ModelFile, index: number): string {
  return line('file', index, file.size, file.digest.algorithm, file.digest.hex, file.path)
}

function line(...fields: readonly (string | number)[]): string {
  const text = fields.join('\t')
  if (/[\n\r]/.test(text) || fields.some((field) => String(field).includes('\t')))
    throw new RangeError(`A plan's field contains a tab or a line break: ${JSON.stringify(text)}`)
  return text
}

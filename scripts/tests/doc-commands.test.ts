import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['README.md', '*.md', 'docs/*.md', 'deploy/**/*.md', 'actions/*/README.md', 'packages/*/README.md'], { cwd: root })

interface Commands {
  readonly place: string
  /** `run by` with a file, `not run` with the reason; undefined where nothing is said. */
  readonly said: { readonly how: string; readonly what: string } | undefined
  readonly lines: readonly string[]
}

/** Every block of shell commands in the documents, with the remark before it: `<!-- run by: FILE -->` or `<!-- not run: REASON -->`. */
const blocks = [...new Set(pages)].flatMap((page): readonly Commands[] => {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/(?:<!-- (run by|not run): (.+?) -->\n)?```(?:sh|bash|shell|console)\n([\s\S]*?)```/g)].map((match) => {
    const [, how, what, body = ''] = match
    const line = text.slice(0, match.index).split('\n').length
    return { place: `${page}:${line}`, said: how && what ? { how, what } : undefined, lines: commandsOf(body) }
  })
})

/** One command a line, without comments, placeholders and what only continues the line before. */
function commandsOf(body: string): readonly string[] {
  return body
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) =>
      line
        .replace(/\s+#.*$/, '')
        .replace(/[<"'].*$/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'))
}

const plain = (text: string) => text.replaceAll('npx --yes ', 'npx ').replaceAll(/['",\s]+/g, ' ')

test('every command in a document is run by a test, or says why not', () => {
  expect(blocks.length).toBeGreaterThan(5)
  expect(blocks.filter(({ said }) => said === undefined).map(({ place }) => place)).toEqual([])
})

test('the test that a document names runs these commands', () => {
  const missing = blocks.flatMap(({ place, said, lines }) => {
    if (said?.how !== 'run by') return []
    if (!existsSync(join(root, said.what))) return [`${place}: there is no ${said.what}`]
    const text = plain(readFileSync(join(root, said.what), 'utf8'))
    return lines.filter((line) => !text.includes(plain(line))).map((line) => `${place}: ${said.what} does not run \`${line}\``)
  })
  expect(missing).toEqual([])
})

import { messageOf, type Problem } from '@prebake/kernel'
import { isNode, LineCounter, parseAllDocuments, visit, type Document, type Tags } from 'yaml'
import type { ManifestErrorCode } from '../error-codes.ts'

/** A problem whose place is not part of it. */
export interface PlacelessProblem {
  readonly code: ManifestErrorCode
  readonly wrong: string
  readonly remedy: string
}

/** One document of a file that is not empty, with the means to say where in the file something is. */
export interface YamlDocument {
  readonly content: Document
  /** The whole file. */
  readonly text: string
  /** The line of the value at this path, or where that is missing, of the document's beginning. */
  lineOf(path: readonly (string | number)[]): number
  /** What is wrong with it as YAML: at most one, because one broken place causes many errors after it. */
  readonly problems: readonly Problem[]
  /** A problem at the field with this path, or, where that is missing, at the document's beginning. */
  problem(path: readonly (string | number)[], problem: PlacelessProblem): Problem
  /** A problem at this offset in the file. */
  problemAt(offset: number, problem: PlacelessProblem): Problem
  /** `deploy/x.yaml:5:11`. */
  placeAt(offset: number): string
  toValue(): { readonly value: unknown } | { readonly problem: Problem }
}

/**
 * YAML as kubectl reads it, which is version 1.1 (`defaultMode: 0400` is octal, `yes` is true) without the types that its parser does not know:
 * base 60 (`22:30`) and dates stay texts.
 */
const tags = (all: Tags): Tags =>
  all.filter((tag) => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME')))

/** The documents of a YAML or JSON file; those without content (two `---` in a row, only comments) are left out. */
export function parseYaml(path: string, text: string): readonly YamlDocument[] {
  const lines = new LineCounter()
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const problemAt = (offset: number, problem: PlacelessProblem): Problem => ({ input: placeAt(offset), ...problem })
  const documents = parseAllDocuments(text, { version: '1.1', customTags: tags, lineCounter: lines, prettyErrors: false })
  if (!Array.isArray(documents)) return []
  return documents
    .filter(({ contents, errors }) => errors.length > 0 || (contents !== null && contents.range?.[0] !== contents.range?.[1]))
    .map((content): YamlDocument => {
      const offset = content.contents?.range?.[0] ?? content.range[0]
      const offsetAt = (path: readonly (string | number)[]): number | undefined => {
        const node = content.getIn(path, true)
        return (isNode(node) ? node.range?.[0] : undefined) ?? (path.length > 0 ? offsetAt(path.slice(0, -1)) : undefined)
      }
      const [broken] = [...content.errors, ...content.warnings].sort((a, b) => a.pos[0] - b.pos[0])
      return {
        content,
        text,
        lineOf: (path) => lines.linePos(offsetAt(path) ?? offset).line,
        problems: broken ? [problemAt(broken.pos[0], brokenYaml(broken.message, remedyAt(text, broken.pos[0])))] : [],
        problemAt,
        placeAt,
        problem(field, problem) {
          return problemAt(offsetAt(field) ?? offset, problem)
        },
        toValue() {
          try {
            return { value: content.toJS() }
          } catch (error) {
            // An alias to nothing, or so many aliases of aliases that the document would fill the memory.
            const message = messageOf(error)
            return { problem: problemAt(danglingAlias(content) ?? offset, brokenYaml(message, fixHere)) }
          }
        },
      }
    })
}

/** The offset of the first alias without an anchor before it. */
function danglingAlias(content: Document): number | undefined {
  let offset: number | undefined
  visit(content, {
    Alias(_key, alias) {
      if (alias.resolve(content) !== undefined) return undefined
      offset = alias.range?.[0]
      return visit.BREAK
    },
  })
  return offset
}

export const renderFirst = 'Render it first: name the folder of the Helm chart in `manifests`, or use the tool that the template is for.'

const fixHere = 'Fix the YAML at this position.'

function remedyAt(text: string, offset: number): string {
  const inFlow = text.slice(offset - 1, offset + 1) === '${'
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? ''
  // A line of a Go or Jinja template.
  if (/\{\{|\{%/.test(line)) return renderFirst
  return inFlow ? 'Put `${…}` in quotes: between braces or brackets its own braces are YAML.' : fixHere
}

function brokenYaml(message: string, remedy: string): PlacelessProblem {
  return { code: 'yaml-broken', wrong: `broken YAML: ${message.replace(/\.?$/, '.')}`, remedy }
}

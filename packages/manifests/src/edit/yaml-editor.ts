import { isAlias, isMap, isPair, isScalar, isSeq, stringify, type Document, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import type { TextEdit } from './text-edit.ts'

/** A field of a document: names of maps, and places in lists. */
export type FieldPath = readonly (string | number)[]

/** Changes fields of a document in its source, and leaves comments, order and style of everything else as they are. */
export interface YamlEditor {
  readonly edits: readonly TextEdit[]
  /** Sets the value at a path. Where the last steps are missing they are added: maps at names, items at the length of a list. */
  set(path: FieldPath, value: unknown): void
  /** Takes a field out, with its line where it has one of its own. */
  remove(path: FieldPath): void
}

/** @param text of the whole file, which the document is a part of. */
export function createYamlEditor(document: Document, text: string): YamlEditor {
  const edits: TextEdit[] = []
  /** By the collection that they go into, because several may be added to one. */
  const added = new Map<Node, [key: string | number, value: unknown][]>()
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const write = text.trimStart().startsWith('{') ? (value: unknown) => JSON.stringify(value) : inline

  function resolve(node: unknown): Node | undefined {
    return isAlias(node) ? node.resolve(document) : (node as Node | undefined)
  }
  function step(node: Node | undefined, key: string | number): Node | undefined {
    return isMap(node) || isSeq(node) ? resolve(node.get(key, true)) : undefined
  }
  function set(path: FieldPath, value: unknown): void {
    let at = resolve(document.contents)
    for (const [index, key] of path.entries()) {
      const next = step(at, key)
      const isEmpty = next === undefined || (isScalar(next) && next.value === null)
      if (at !== undefined && isEmpty && !(isMap(at) && at.has(key))) return add(at, path.slice(index), value)
      if (isEmpty) return replaceEmpty(at, key, nest(path.slice(index + 1), value))
      at = next
    }
    if (at?.range) edits.push({ start: at.range[0], end: at.range[1], text: write(value) })
  }
  function add(node: Node, path: FieldPath, value: unknown): void {
    const [key = '', ...rest] = path
    const list = added.get(node) ?? []
    added.set(node, list)
    const same = list.find(([name]) => name === key && rest.length > 0)
    if (same === undefined) list.push([key, nest(rest, value)])
    else same[1] = merge(same[1], nest(rest, value))
  }
  /** `key:` without a value. */
  function replaceEmpty(node: Node | undefined, key: string | number, value: unknown): void {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
    const end = isPair(pair) && isScalar(pair.key) ? (pair.key.range?.[1] ?? 0) : 0
    const colon = text.indexOf(':', end) + 1
    const empty = /^[ \t]*(~|null)?/.exec(text.slice(colon))?.[0] ?? ''
    edits.push({ start: colon, end: colon + empty.length, text: ` ${write(value)}` })
  }
  function remove(path: FieldPath): void {
    const parent = path.slice(0, -1).reduce(step, resolve(document.contents))
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1)) : undefined
    if (pair === undefined || !isMap(parent)) return
    const [start, end] = rangeOf(pair)
    if (parent.flow) {
      const comma = /^\s*,\s*/.exec(text.slice(end))?.[0].length ?? 0
      const before = comma === 0 ? (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0) : 0
      edits.push({ start: start - before, end: end + comma, text: '' })
      return
    }
    const line = text.lastIndexOf('\n', start - 1) + 1
    const last = endOfLine(end)
    edits.push({ start: line, end: Math.min(last + lineEnd.length, text.length), text: '' })
  }
  function rangeOf({ key, value }: Pair): readonly [number, number] {
    const start = (key as Node).range?.[0] ?? 0
    const end = (value as Node | null)?.range?.[1] ?? (key as Node).range?.[1] ?? start
    return [start, text.slice(0, end).trimEnd().length]
  }
  function endOfLine(offset: number): number {
    const end = text.indexOf(lineEnd, offset)
    return end < 0 ? text.length : end
  }
  function additions(): readonly TextEdit[] {
    return [...added].flatMap(([node, list]) => {
      if (!isMap(node) && !isSeq(node)) return []
      return [node.flow ? intoFlow(node, list) : afterLast(node, asLines(node, list))]
    })
  }
  function intoFlow(node: YAMLMap | YAMLSeq, list: readonly [string | number, unknown][]): TextEdit {
    const [start, end] = node.range ?? [0, 0]
    const inside = text.slice(start + 1, end - 1)
    const at = start + 1 + inside.trimEnd().length
    const members = list.map(([key, value]) => (typeof key === 'number' ? write(value) : `${write(key)}: ${write(value)}`)).join(', ')
    if (node.items.length === 0) return { start: start + 1, end: end - 1, text: isMap(node) ? ` ${members} ` : members }
    return { start: at, end: at, text: inside.trimEnd().endsWith(',') ? ` ${members}` : `, ${members}` }
  }
  function asLines(node: YAMLMap | YAMLSeq, list: readonly [string | number, unknown][]): string {
    const indent = ' '.repeat(columnOf(node))
    const block = stringify(isSeq(node) ? list.map(([, value]) => value) : Object.fromEntries(list), { lineWidth: 0, indentSeq: true })
    return block
      .trimEnd()
      .split('\n')
      .map((line) => `${indent}${line}`)
      .join(lineEnd)
  }
  /** Of the first key, or of the first dash. */
  function columnOf(node: YAMLMap | YAMLSeq): number {
    const [first] = node.items
    const start = isPair(first) ? ((first.key as Node).range?.[0] ?? 0) : (node.range?.[0] ?? 0)
    return start - (text.lastIndexOf('\n', start - 1) + 1)
  }
  function afterLast(node: YAMLMap | YAMLSeq, lines: string): TextEdit {
    const content = text.slice(0, node.range?.[1] ?? 0).trimEnd().length
    const end = endOfLine(content)
    return { start: end, end, text: `${lineEnd}${lines}` }
  }
  return {
    get edits() {
      return [...edits, ...additions()]
    },
    set,
    remove,
  }
}

/** `['a', 0]` and a value: `{ a: [value] }`. */
function nest(path: FieldPath, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value)
}

function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as unknown[]), ...(other as unknown[])]
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return other
  const entries = Object.entries(other).map(([key, value]) => [key, key in one ? merge(one[key as never], value) : value])
  return { ...one, ...Object.fromEntries(entries) }
}

/** On one line. What may stand between braces is quoted there: `${NAME}` has braces of its own. */
function inline(value: unknown): string {
  if (typeof value === 'string' && /[{}[\],]/.test(value)) return `'${value.replaceAll("'", "''")}'`
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, member]) => `${inline(key)}: ${inline(member)}`)
      .join(', ')} }`
  }
  return stringify(value, { lineWidth: 0, version: '1.1' }).trimEnd()
}

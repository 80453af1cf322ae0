import { applyEdits, type TextEdit } from './text-edit.ts'

/** Lines that are shown around a change, as `diff -u` does. */
const around = 3

interface Hunk {
  /** Index of its first line, and of the first one after it. */
  readonly from: number
  readonly to: number
  readonly edits: readonly TextEdit[]
}

/**
 * What the edits change, in unified format (POSIX, `diff -u`), which `git apply` and `patch` take; empty without edits.
 * @param path relative to the repository.
 */
export function formatDiff(path: string, text: string, edits: readonly TextEdit[]): string {
  if (edits.length === 0) return ''
  const lines = splitLines(text)
  const starts: number[] = []
  for (let offset = 0, index = 0; index < lines.length; offset += lines[index]?.length ?? 0, index += 1) starts.push(offset)
  const lineAt = (offset: number) =>
    Math.max(
      starts.findLastIndex((start) => start <= offset),
      0,
    )
  const touched = edits
    .toSorted((a, b) => a.start - b.start)
    .map((edit): Hunk => ({ from: lineAt(edit.start), to: lineAt(Math.max(edit.start, edit.end - 1)) + 1, edits: [edit] }))
  let shift = 0
  const hunks = join(touched, lines.length).map((group) => {
    const [before, after] = [Math.max(group.from - around, 0), Math.min(group.to + around, lines.length)]
    const offset = starts[group.from] ?? 0
    const old = lines.slice(group.from, group.to)
    const moved = group.edits.map((edit) => ({ ...edit, start: edit.start - offset, end: edit.end - offset }))
    const changed = compare(old, splitLines(applyEdits(old.join(''), moved)))
    const body = [
      ...lines.slice(before, group.from).map((line) => ` ${line}`),
      ...changed,
      ...lines.slice(group.to, after).map((line) => ` ${line}`),
    ]
    const [gone, come] = ['-', '+'].map((sign) => body.filter((line) => !line.startsWith(sign === '-' ? '+' : '-')).length)
    const header = `@@ -${before + 1},${gone} +${before + 1 + shift},${come} @@\n`
    shift += (come ?? 0) - (gone ?? 0)
    return header + body.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('')
  })
  return [`--- a/${path}\n`, `+++ b/${path}\n`, ...hunks].join('')
}

/** With their ends, so that CRLF stays what it is. */
const splitLines = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Changes whose surroundings touch are one hunk. */
function join(hunks: readonly Hunk[], count: number): readonly Hunk[] {
  return hunks.reduce<readonly Hunk[]>((joined, hunk) => {
    const last = joined.at(-1)
    if (last === undefined || hunk.from - last.to > 2 * around) return [...joined, hunk]
    return [
      ...joined.slice(0, -1),
      { from: last.from, to: Math.min(Math.max(last.to, hunk.to), count), edits: [...last.edits, ...hunk.edits] },
    ]
  }, [])
}

/** Lines that stay, go and come: by the longest common subsequence, since a hunk has few lines. */
function compare(old: readonly string[], next: readonly string[]): readonly string[] {
  const common: number[][] = Array.from({ length: old.length + 1 }, () => Array.from({ length: next.length + 1 }, () => 0))
  const at = (i: number, j: number) => common[i]?.[j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = next.length - 1; j >= 0; j -= 1)
      (common[i] ?? [])[j] = old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const result: string[] = []
  for (let [i, j] = [0, 0]; i < old.length || j < next.length;) {
    if (i < old.length && old[i] === next[j]) {
      result.push(` ${old[i]}`)
      i += 1
      j += 1
    } else if (i < old.length && (j >= next.length || at(i + 1, j) >= at(i, j + 1))) result.push(`-${old[i++]}`)
    else result.push(`+${next[j++]}`)
  }
  return result
}

import type { ModelFile } from '../ports/model-hub.ts'

/** Files that belong together by their names: one whole file, or a numbered series. */
export interface WeightSet {
  /** The name, with `*` for the number. */
  readonly name: string
  readonly files: readonly ModelFile[]
  /** How many files are missing in the numbering, as far as the names show it. */
  readonly missing: number
}

/**
 * Groups weights by name alone, for repositories without an index. A series is numbered from 0 or from 1, with any number of digits; where the names say
 * "of N", the last number is N, or N − 1 where the first is 0. Numbers without "of N" are a series only if none is missing: `qwen2.safetensors` is one file.
 */
export function groupWeights(files: readonly ModelFile[]): readonly WeightSet[] {
  const series = new Map<string, { total: number | undefined; members: { file: ModelFile; number: number }[] }>()
  const single: ModelFile[] = []
  for (const file of files) {
    const match = /^(.*?)(\d+)-of-(\d+)(.*)$/.exec(file.path) ?? /^(.*?)(\d+)()(\.safetensors)$/.exec(file.path)
    if (!match) {
      single.push(file)
      continue
    }
    const [, prefix = '', number, total = '', suffix = ''] = match
    const name = `${prefix}*${total && `-of-${total}`}${suffix}`
    const entry = series.get(name) ?? { total: total === '' ? undefined : Number(total), members: [] }
    entry.members.push({ file, number: Number(number) })
    series.set(name, entry)
  }
  const sets: WeightSet[] = []
  for (const [name, { total, members }] of series) {
    const missing = missingNumbers(
      members.map(({ number }) => number),
      total,
    )
    if (total === undefined && (members.length === 1 || missing > 0)) single.push(...members.map(({ file }) => file))
    else sets.push({ name, files: members.map(({ file }) => file), missing })
  }
  return [...single.map((file) => ({ name: file.path, files: [file], missing: 0 })), ...sets].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function missingNumbers(numbers: readonly number[], total: number | undefined): number {
  const first = numbers.includes(0) ? 0 : 1
  const highest = Math.max(...numbers)
  const last = total === undefined ? highest : Math.max(highest, first === 0 ? total - 1 : total)
  return last - first + 1 - new Set(numbers).size
}

/**
 * A file of variables in the form of a `.env`: one `NAME=value` per line, blank lines and lines that start with `#`. Everything but the one variable is kept.
 */
export const snapshotVariable = 'SNAPSHOT_ID'

const heading = [
  "# The snapshot that the nodes' data volume is made from. build-snapshot proposes it in a pull request:",
  '# merging that rolls the snapshot out, reverting it rolls back.',
]

/** The variable's value; undefined when the file does not have it, or empty. */
export function readSnapshotEnv(text: string): string | undefined {
  return lineOf(text)?.[1] || undefined
}

/** The file with the variable set. `text` is undefined for a file that is to be made. */
export function writeSnapshotEnv(text: string | undefined, value: string): string {
  const line = `${snapshotVariable}=${value}`
  if (text === undefined) return [...heading, line, ''].join('\n')
  const found = lineOf(text)
  if (found === undefined) return `${text.trimEnd()}\n${line}\n`
  return text.slice(0, found.index) + line + text.slice(found.index + found[0].length)
}

/** The first line of the file that is none of this form; undefined when all are. */
export function foreignLine(text: string): number | undefined {
  const index = text.split(/\r\n|\n/).findIndex((line) => !/^\s*(#.*)?$|^[A-Za-z_]\w*=/.test(line))
  return index === -1 ? undefined : index + 1
}

function lineOf(text: string) {
  return new RegExp(`^${snapshotVariable}=([^\\r\\n]*)`, 'm').exec(text) ?? undefined
}

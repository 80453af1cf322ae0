/** What one command brings along: scripts go to the work folder's `bin`, data to its `inbox`. */
export interface CommandFiles {
  readonly scripts?: Readonly<Record<string, string>>
  readonly inbox?: Readonly<Record<string, string>>
}

/** SSM refuses documents above 64 KB; the rest is room for the document around the line. */
const longestLine = 60_000

/**
 * The one shell line that runs a host script in the admin container (host/README.md, "How a command arrives").
 * Everything travels as one base64 word, since SSM interpolates `{{ }}` and the line passes three shells.
 */
export function composeCommand(script: string, args: readonly string[], files: CommandFiles = {}): string {
  const writes = [...fileWrites('bin', files.scripts), ...fileWrites('inbox', files.inbox)]
  const body = [
    'set -eu',
    'umask 077',
    'export PREBAKE_WORK="${PREBAKE_WORK:-/dev/shm/prebake}"',
    'mkdir -p "$PREBAKE_WORK/bin" "$PREBAKE_WORK/inbox"',
    // Older shells keep here-documents in files, and /tmp lies on the data volume.
    'export TMPDIR="$PREBAKE_WORK"',
    // Whole or not at all: the command may be there a second time, and the first one still be reading.
    'put() { cat >"$PREBAKE_WORK/$1.$$" && mv -f "$PREBAKE_WORK/$1.$$" "$PREBAKE_WORK/$1"; }',
    ...writes,
    `exec bash "$PREBAKE_WORK/bin/${script}" ${args.join(' ')}`,
    '',
  ].join('\n')
  const word = Buffer.from(body).toString('base64')
  const line = `apiclient exec -T admin bash -c 'umask 077; w=\${PREBAKE_WORK:-/dev/shm/prebake}; mkdir -p $w && echo ${word} | base64 -d > $w/command.$$ && exec bash $w/command.$$'`
  if (line.length > longestLine) throw new RangeError(`The command ${script} is ${line.length} characters long; SSM takes ${longestLine}.`)
  return line
}

function fileWrites(folder: string, files: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(files).map(([name, text]) => {
    const end = text.endsWith('\n') || text === '' ? '' : '\n'
    return `put "${folder}/${name}" <<'PREBAKE-END-OF-FILE'\n${text}${end}PREBAKE-END-OF-FILE`
  })
}

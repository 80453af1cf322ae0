/** Where an action's lines go: standard output, which the runner reads. */
export type Write = (text: string) => void

/** Node writes to a pipe or a file at once, so nothing is lost when the process exits right after. */
export const toStdout: Write = (text) => {
  process.stdout.write(text)
}

/**
 * One workflow command as the runner reads it, with its newline: `::warning title=A::text`.
 * The bytes are those of `@actions/core`, to which a test holds them; that package takes 60 ms to load, for its HTTP client.
 * Format: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function workflowCommand(name: string, message: string, properties: Readonly<Record<string, string>> = {}): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`)
  return `::${name}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(message)}\n`
}

/**
 * The text as lines that the runner only shows. Text from elsewhere (a log, a service's answer) could begin with `::` or hold `##[`,
 * and the runner would carry it out as a command; a zero-width space in the middle stops that and reads the same.
 */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${line.replace(/^(\s*):(?=:)/, '$1:\u200b').replaceAll('##[', '#\u200b#[')}\n`)
    .join('')
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

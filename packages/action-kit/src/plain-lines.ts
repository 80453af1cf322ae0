/**
 * Makes text safe to print: in text from outside (a log, a response), the runner would execute a line that starts with `::` or contains `##[` as a
 * command. A zero-width space prevents that and looks the same.
 */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1:\u200b').replaceAll('##[', '#\u200b#['))
    .join('\n')
}

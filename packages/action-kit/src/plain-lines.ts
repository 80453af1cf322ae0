/**
 * The text as lines that the runner only shows. Text from elsewhere (a log, a service's answer) could begin with `::` or hold `##[`, and the runner would
 * carry it out as a command; a zero-width space in the middle prevents that and reads the same.
 */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1:\u200b').replaceAll('##[', '#\u200b#['))
    .join('\n')
}

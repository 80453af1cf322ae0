/** A table of GitHub's markdown; columns from `firstFigures` on stand to the right. What would break a cell is escaped. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], firstFigures: number): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(headings), `|${headings.map((_, index) => (index < firstFigures ? '---|' : '---:|')).join('')}`, ...rows.map(line)].join(
    '\n',
  )
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}

/** For a cell: a dash where there is no value. */
export function seconds(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : `${value.toFixed(1)} s`
}

/** Inline code. Text of another program cannot leave it to format, mention or link anything. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``
}

/** Running text. What another program wrote stands there as it is, and formats, mentions and links nothing. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>#|~!@&]|:(?=\/\/)|(?<=\bwww)\./gi, (character) => `&#${character.charCodeAt(0)};`)
}

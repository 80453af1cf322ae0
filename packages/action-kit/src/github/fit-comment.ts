/** GitHub's limit of a comment's body. GitHub counts characters; the UTF-16 units counted here are never fewer. */
export const commentLimit = 65_536

/**
 * Markdown that fits into a comment: unchanged if it is short enough; otherwise without as many of its last `<details>` sections as necessary, and with a
 * last line that says so. If it is still too long, it is cut at the end of a line.
 * @param runUrl the page with the job summary, to link to
 */
export function fitComment(markdown: string, runUrl?: string): string {
  if (markdown.length <= commentLimit) return markdown
  const summary = runUrl === undefined ? 'job summary' : `[job summary](${runUrl})`
  const note = `\n\n_Truncated to fit into a comment. The full text is in the ${summary}._`
  const room = commentLimit - note.length
  return cutAtLine(withoutLastSections(markdown, room), room).trimEnd() + note
}

/** Drops the last sections until at most `room` characters are left, or no section is. */
function withoutLastSections(markdown: string, room: number): string {
  const dropped: Section[] = []
  let length = markdown.length
  for (const section of detailsSections(markdown).toReversed()) {
    if (length <= room) break
    length -= section.end - section.start
    dropped.unshift(section)
  }
  const starts = [0, ...dropped.map(({ end }) => end)]
  return starts.map((start, index) => markdown.slice(start, dropped[index]?.start)).join('')
}

interface Section {
  readonly start: number
  readonly end: number
}

/** The outermost sections, each from its opening tag to the end of its closing one. */
function detailsSections(markdown: string): readonly Section[] {
  const sections: Section[] = []
  let depth = 0
  let start = 0
  for (const tag of markdown.matchAll(/<(\/?)details\b[^>]*>/gi)) {
    if (tag[1] === '') {
      if (depth === 0) start = tag.index
      depth += 1
    } else if (depth > 0) {
      depth -= 1
      if (depth === 0) sections.push({ start, end: tag.index + tag[0].length })
    }
  }
  return sections
}

function cutAtLine(text: string, room: number): string {
  if (text.length <= room) return text
  const lineEnd = text.lastIndexOf('\n', room)
  // A single long line is cut anywhere, but not within a character.
  return lineEnd > room / 2 ? text.slice(0, lineEnd) : text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')
}

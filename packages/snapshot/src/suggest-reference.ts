import { parseReference } from '@prebake/image-reference'

/** Common mistakes around a reference (the first group), and the advice. */
const slips: readonly (readonly [form: RegExp, words: string])[] = [
  [/^[-*•]\s*(.+)$/, 'One per line, without a dash'],
  [/^images?:\s*(.+)$/, 'Leave out the key'],
  [/^docker\s+pull\s+(.+)$/, 'Leave out the command'],
  [/^(?!\[[\da-f:]+\][:/])\[\s*(.+?)\s*\]$/i, 'One per line, without brackets'],
  [/^(\S+?)\s*[,;]\s*\S.*$/, 'One per line'],
  [/^(.+?)\s*[,;]$/, 'One per line, without a comma'],
  [/^["'`<](.+?)["'`>]$/, 'Leave out the quotes'],
  [/^(\S+)\s*#.*$/, 'Leave out the comment'],
  [/^[a-z][a-z0-9+.-]*:\/\/(.+)$/i, 'Leave out the scheme'],
  [/^(\S+)\/$/, 'Leave out the slash at the end'],
]

/**
 * What a malformed reference probably meant, as a sentence: "One per line, without a dash: `ghcr.io/owner/name:v1`."
 * @returns undefined if there is nothing to suggest
 */
export function suggestReference(text: string): string | undefined {
  let meant = text.trim()
  let advice = 'Leave out the spaces'
  for (let found = true; found;) {
    found = false
    for (const [form, words] of slips) {
      const [, inner] = form.exec(meant) ?? []
      if (inner === undefined) continue
      // The outermost mistake is the most visible one.
      if (meant === text.trim()) advice = words
      meant = inner.trim()
      found = true
    }
  }
  const page = /^hub\.docker\.com\/(?:r\/|_\/)([\w./-]+)$/.exec(meant)?.[1]
  if (page !== undefined) return `This is a web page: write \`docker.io/${page.replace(/\/tags$/, '')}\` and a tag.`
  if (isReference(meant) && meant !== text) return `${advice}: \`${meant}\`.`
  const lowerCase = meant.replace(/^[^@]*(?=[:@])|^[^:@]*$/, (name) => name.toLowerCase())
  return isReference(lowerCase) && lowerCase !== text ? `Write it in lower case: \`${lowerCase}\`.` : undefined
}

const isReference = (text: string) => !('malformed' in parseReference(text))

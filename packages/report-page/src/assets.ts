import { readFileSync } from 'node:fs'
import { paletteRules } from './palette.ts'

// Literal URLs, because the bundler includes only those. In the order in which the page runs them.
const scripts = [
  new URL('../page/format.js', import.meta.url),
  new URL('../page/scale.js', import.meta.url),
  new URL('../page/inspector.js', import.meta.url),
  new URL('../page/bars.js', import.meta.url),
  new URL('../page/staircase.js', import.meta.url),
  new URL('../page/keyboard.js', import.meta.url),
  new URL('../page/raw.js', import.meta.url),
  new URL('../page/start.js', import.meta.url),
]
const styles = [new URL('../page/page.css', import.meta.url), new URL('../page/waterfall.css', import.meta.url)]

/** One script in a scope of its own; a comment costs every reader its bytes. */
export function pageScript(): string {
  const text = scripts.map((file) => readFileSync(file, 'utf8')).join('\n')
  return `(() => {\n'use strict'\n${withoutComments(text)}})()\n`
}

export function pageStyle(): string {
  const text = styles.map((file) => readFileSync(file, 'utf8')).join('\n')
  return `${paletteRules('light')}\n@media (prefers-color-scheme:dark){${paletteRules('dark')}}\n${text.replaceAll(/\/\*.*?\*\/\n?/gs, '')}`
}

/** Whole lines only: what looks like a comment within a line may be text. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\/\/.*|\/\*\*.*\*\/)\n/gm, '').replaceAll(/^\s*\/\*\*\n(\s*\*.*\n)+/gm, '')
}

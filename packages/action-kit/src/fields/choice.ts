import { nearestName } from '@prebake/kernel'
import { field, type Field, type Presence, type Present } from './field.ts'

/** One of a few values. */
export function choice<const Word extends string, const P extends Presence<NoInfer<Word>>>(
  words: readonly Word[],
  options?: P,
): Field<Present<Word, P>> {
  return field((options ?? {}) as P, (text) => {
    const value = words.find((word) => word === text)
    if (value !== undefined) return { value }
    const nearest = nearestName(text, words)
    const all = words.map((word) => `\`${word}\``).join(', ')
    return {
      wrong: `\`${text}\` is not one of the allowed values.`,
      remedy: `${nearest === undefined ? '' : `Did you mean \`${nearest}\`? `}The allowed values are ${all}.`,
    }
  })
}

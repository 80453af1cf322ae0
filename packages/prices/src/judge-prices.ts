import { nearestName, type Problem } from '@prebake/kernel'
import { listPrices } from './list-prices.ts'

/** What is wrong with an input `prices`: names that are no price, and values that are no dollars. */
export function judgePrices(given: Readonly<Record<string, string>>): readonly Problem[] {
  const names = Object.keys(listPrices)
  const problem = (wrong: string, remedy: string): Problem => ({ code: 'input-malformed', input: 'prices', wrong, remedy })
  return Object.entries(given).flatMap(([name, dollars]) => {
    if (!names.includes(name)) {
      const nearest = nearestName(name, names)
      const remedy =
        nearest === undefined ? `The prices are ${names.map((each) => `\`${each}\``).join(', ')}.` : `Did you mean \`${nearest}\`?`
      return [problem(`\`${name}\` is not a price.`, remedy)]
    }
    if (/^\d+(\.\d+)?$/.test(dollars)) return []
    return [problem(`\`${name}\` is \`${dollars}\`, which is not a number of dollars.`, 'Give a number such as `0.05`.')]
  })
}

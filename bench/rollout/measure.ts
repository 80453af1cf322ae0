/** Started by ../rollout.ts in a network of its own: prints each figure as it comes. Arguments: which ones; none: all. */
import { documents } from './documents.ts'
import { memory } from './memory.ts'
import { overhead } from './overhead.ts'

const wanted = process.argv.slice(2)
for (const measure of [overhead, documents, memory]) {
  if (wanted.length > 0 && !wanted.includes(measure.name)) continue
  for (const line of await measure()) console.log(line)
}

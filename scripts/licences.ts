/** `pnpm -r licenses list --prod --json | node scripts/licences.ts` fails when a package that the bundle may hold has a licence that is not listed here. */
import { text } from 'node:stream/consumers'

/** Licences that allow a bundle under Apache-2.0, by their SPDX identifiers. */
const allowed = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]

const packages = JSON.parse(await text(process.stdin)) as Readonly<Record<string, readonly { readonly name: string }[]>>
const refused = Object.entries(packages).filter(([licence]) => !isAllowed(licence))
for (const [licence, list] of refused) console.error(`${licence}: ${list.map(({ name }) => name).join(', ')}`)
if (refused.length > 0) process.exitCode = 1
else console.log(`licences: ${Object.keys(packages).toSorted().join(', ')}`)

/** One of several licences is enough: `(MIT OR CC0-1.0)`. */
function isAllowed(licence: string): boolean {
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((one) => one.split(' AND ').every((each) => allowed.includes(each.trim())))
}

/**
 * The one bundle of all actions. Each action's index.js names itself in PREBAKE_ACTION and imports this; only the named action's code is loaded,
 * so that the first line comes before any SDK.
 */
const actions = {
  'apply-manifests': () => import('./apply-manifests/src/index.ts'),
  'build-snapshot': () => import('./build-snapshot/src/index.ts'),
  'publish-snapshot': () => import('./publish-snapshot/src/index.ts'),
  'scale-benchmark': () => import('./scale-benchmark/src/index.ts'),
}

const name = process.env['PREBAKE_ACTION'] ?? ''
const load = Object.entries(actions).find(([known]) => known === name)?.[1]
if (load === undefined) throw new Error(`PREBAKE_ACTION is \`${name}\`; known are ${Object.keys(actions).join(', ')}.`)
await (await load()).run()

/** The one bundle of all actions. Only the named action's code is loaded, so that its first line appears before any SDK loads. */
const actions = {
  'apply-manifests': () => import('./apply-manifests/src/index.ts'),
  'approve-benchmark': () => import('./approve-benchmark/src/index.ts'),
  'build-snapshot': () => import('./build-snapshot/src/index.ts'),
  'diagnose-startup': () => import('./diagnose-startup/src/index.ts'),
  'plan-startup': () => import('./plan-startup/src/index.ts'),
  'prune-snapshots': () => import('./prune-snapshots/src/index.ts'),
  'publish-snapshot': () => import('./publish-snapshot/src/index.ts'),
  'scale-benchmark': () => import('./scale-benchmark/src/index.ts'),
}

/** Runs the phase of the named action that the runner asks for. */
export async function run(name: keyof typeof actions): Promise<void> {
  await (await actions[name]()).run()
}

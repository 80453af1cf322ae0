import { isSimulated, readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import { build } from './build.ts'
import { inputs, outputs } from './inputs.ts'
import { buildState } from './state.ts'
import { summarize } from './summarize.ts'
import { writeManifest } from './write-manifest.ts'

/** Reads the inputs, builds, and sets the outputs. */
export async function main(context: ActionContext): Promise<void> {
  const { env, reporter, clock } = context
  const given = readInputs(inputs)
  const startedAt = clock.now()
  const result = await build(given, buildState(), context)

  const manifest = writeManifest(result, env)
  setOutputs(outputs, {
    'snapshot-id': result.snapshotId,
    fingerprint: result.plan.fingerprint,
    reused: result.reused,
    'model-revision': result.plan.recipe.commit,
    'model-path': result.modelPath,
    'image-digests': result.imageDigests.join('\n'),
    manifest,
  })
  reporter.summary(
    summarize(result, {
      seconds: (clock.now().getTime() - startedAt.getTime()) / 1000,
      volumeSizeGiB: given.volumeSize,
      simulated: isSimulated(env),
    }),
  )
}

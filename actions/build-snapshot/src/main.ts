import { randomUUID } from 'node:crypto'
import { isSimulated, readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import { imageReferences, inputs, outputs } from './inputs.ts'
import { credentialsEnd, judgeCredentials } from './judge-credentials.ts'
import { registryLogins } from './registry-logins.ts'
import { buildState } from './state.ts'
import { summarize } from './summarize.ts'
import { writeManifest } from './write-manifest.ts'

/** Reads the inputs, connects the adapters, builds, and hands on what came of it. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const { registryCredentials, ...given } = readInputs(inputs)
  const logins = registryLogins(registryCredentials)
  reporter.info(`Build a snapshot of ${given.model}@${given.revision}`)

  const [{ connectAws }, { hubEndpoint, huggingFaceHub }, { ociRegistry }, { buildSnapshot }] = await Promise.all([
    import('@prebake/aws'),
    import('@prebake/huggingface'),
    import('@prebake/registry'),
    import('@prebake/snapshot'),
  ])
  const endpoint = hubEndpoint(given.hubEndpoint, env)
  // Before AWS is connected, whose client would quote a malformed HTTPS_PROXY with its password.
  const hub = huggingFaceHub({ endpoint, clock, ...(given.hfToken === undefined ? {} : { token: given.hfToken }) })
  const { builders, snapshots, credentialsExpireAt, ecrLogin } = await connectAws({ region: given.awsRegion ?? '' })
  const verdict = judgeCredentials(credentialsEnd(credentialsExpireAt, env), clock.now(), given.timeout, env)
  if (verdict !== undefined) reporter[verdict.level](verdict.text)

  // Ahead of everything that carries it, so that `post` finds whatever a killed run has left.
  const runToken = `${env['GITHUB_RUN_ID'] ?? 'local'}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}-${randomUUID()}`
  const state = buildState()
  state.save({ runToken, region: given.awsRegion ?? '' })

  const startedAt = clock.now()
  const result = await buildSnapshot(
    {
      ...given,
      runToken,
      images: imageReferences(given.images),
      registryLogins: logins,
      bottlerocketVersion: given.bottlerocketVersion.replace(/^v/, ''),
      volumeSizeGiB: given.volumeSize,
      timeoutMs: given.timeout,
      hubHost: new URL(endpoint).host,
    },
    { hub, registry: ociRegistry({ clock, logins, ecrLogin }), builders, snapshots, clock, reporter },
    signal,
  )
  state.save({ finished: 'true' })

  const manifest = writeManifest(result, env)
  setOutputs(outputs, {
    'snapshot-id': result.snapshotId,
    fingerprint: result.plan.fingerprint,
    reused: result.reused,
    'model-revision': result.plan.recipe.commit,
    'model-path': result.modelPath,
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

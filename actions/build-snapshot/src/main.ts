import { randomUUID } from 'node:crypto'
import { isSimulated, readInputs, setOutputs, textCache, type ActionContext } from '@prebake/action-kit'
import { imageReferences, inputs, outputs } from './inputs.ts'
import { credentialsEnd, judgeCredentials } from './judge-credentials.ts'
import { registryLogins } from './registry-logins.ts'
import { buildState } from './state.ts'
import { summarize } from './summarize.ts'
import { writeManifest } from './write-manifest.ts'

/** Reads the inputs, connects the adapters, builds, and sets the outputs. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const { registryCredentials, ...given } = readInputs(inputs)
  const logins = registryLogins(registryCredentials)
  reporter.info(`Build a snapshot of ${given.model}@${given.revision}`)

  const [
    { connectAws },
    { hubEndpoint, huggingFaceHub },
    { ociRegistry },
    { buildSnapshot, createRunToken, defaultInstanceTypes, keepJournal },
  ] = await Promise.all([import('@prebake/aws'), import('@prebake/huggingface'), import('@prebake/registry'), import('@prebake/snapshot')])
  const endpoint = hubEndpoint(given.hubEndpoint, env)
  const hub = huggingFaceHub({ endpoint, clock, ...(given.hfToken === undefined ? {} : { token: given.hfToken }) })
  const aws = await connectAws({ region: given.awsRegion ?? '' })
  const verdict = judgeCredentials(credentialsEnd(aws.credentialsExpireAt, env), clock.now(), given.timeout, env)
  if (verdict !== undefined) reporter[verdict.level](verdict.text)

  // Before any resource has it, so that `post` finds everything that a killed run leaves.
  const { GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: attempt, GITHUB_REPOSITORY: repository } = env
  const runToken = createRunToken({ runId, attempt, repository }, randomUUID())
  const state = buildState()
  state.begin(runToken, aws.region)

  const startedAt = clock.now()
  const result = await buildSnapshot(
    {
      ...given,
      runToken,
      images: imageReferences(given.images),
      instanceType: given.instanceType ?? defaultInstanceTypes[given.architecture],
      registryLogins: logins,
      bottlerocketVersion: given.bottlerocketVersion.replace(/^v/, ''),
      volumeSizeGiB: given.volumeSize,
      timeoutMs: given.timeout,
      hubHost: new URL(endpoint).host,
    },
    {
      hub,
      registry: ociRegistry({ clock, logins, ecrLogin: aws.ecrLogin }),
      ...keepJournal(aws, state.saveJournal),
      permissions: aws.permissions,
      clock,
      reporter,
      manifests: textCache({ env, reporter }),
    },
    signal,
  )
  state.finish()

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

import { randomUUID } from 'node:crypto'
import { textCache, type ActionContext } from '@prebake/action-kit'
import type { BuildOutlook, BuildPorts, BuildRequest, BuildResult } from '@prebake/snapshot'
import { imageReferences, type BuildInputs } from './inputs.ts'
import { credentialsEnd, judgeCredentials } from './judge-credentials.ts'
import { registryLogins } from './registry-logins.ts'
import type { BuildState } from './state.ts'

/** Connects the adapters and builds. What it begins is in `state` first, for `cleanUp`. @throws what `buildSnapshot` and the adapters throw */
export async function build(given: BuildInputs, state: BuildState, context: ActionContext): Promise<BuildResult> {
  const { reporter, signal } = context
  reporter.info(`Build a snapshot of ${given.model}@${given.revision}`)
  const { request, ports, region } = await prepare(given, context)
  const { buildSnapshot, keepJournal } = await import('@prebake/snapshot')
  // Before any resource has it, so that the cleanup finds everything that a killed run leaves.
  state.begin(request.runToken, region)
  const manifests = textCache(context)
  const result = await buildSnapshot(request, { ...ports, ...keepJournal(ports, state.saveJournal), manifests }, signal)
  state.finish()
  return result
}

/** Finds out what `build` would do, and creates nothing. @throws what `planBuild` and the adapters throw */
export async function outlook(given: BuildInputs, context: ActionContext): Promise<BuildOutlook> {
  const { request, ports } = await prepare(given, context)
  const { planBuild } = await import('@prebake/snapshot')
  return planBuild(request, ports, context.signal)
}

interface Prepared {
  readonly request: BuildRequest
  readonly ports: BuildPorts
  readonly region: string
}

async function prepare({ registryCredentials, ...given }: BuildInputs, { env, reporter, clock }: ActionContext): Promise<Prepared> {
  const logins = registryLogins(registryCredentials)
  const [{ connectAws }, { hubEndpoint, huggingFaceHub }, { ociRegistry }, { createRunToken, defaultInstanceTypes }] = await Promise.all([
    import('@prebake/aws'),
    import('@prebake/huggingface'),
    import('@prebake/registry'),
    import('@prebake/snapshot'),
  ])
  const endpoint = hubEndpoint(given.hubEndpoint, env)
  const hub = huggingFaceHub({ endpoint, clock, ...(given.hfToken === undefined ? {} : { token: given.hfToken }) })
  const { region, credentialsExpireAt, ecrLogin, builders, snapshots, permissions } = await connectAws({ region: given.awsRegion ?? '' })
  const verdict = judgeCredentials(credentialsEnd(credentialsExpireAt, env), clock.now(), given.timeout, env)
  if (verdict !== undefined) reporter[verdict.level](verdict.text)
  const { GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: attempt, GITHUB_REPOSITORY: repository } = env
  return {
    region,
    request: {
      ...given,
      runToken: createRunToken({ runId, attempt, repository }, randomUUID()),
      images: imageReferences(given.images),
      instanceType: given.instanceType ?? defaultInstanceTypes[given.architecture],
      registryLogins: logins,
      bottlerocketVersion: given.bottlerocketVersion.replace(/^v/, ''),
      volumeSizeGiB: given.volumeSize,
      timeoutMs: given.timeout,
      hubHost: new URL(endpoint).host,
    },
    ports: { hub, registry: ociRegistry({ clock, logins, ecrLogin }), builders, snapshots, permissions, clock, reporter },
  }
}

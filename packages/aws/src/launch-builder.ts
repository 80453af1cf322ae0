import { RunInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2'
import { InputError, ServiceError } from '@prebake/kernel'
import type { BuilderSpec, BuilderState } from '@prebake/snapshot'
import { builderState } from './builder-state.ts'
import { requireField, call } from './call.ts'
import { launchProblem } from './launch-problem.ts'
import { runInstancesRequest } from './run-instances-request.ts'

/**
 * Launches one builder. The client may retry the request, because its token makes it idempotent.
 * @returns the instance; for a token that was used before, that instance, even if it is terminated
 * @throws InputError if one input explains EC2's refusal, otherwise ServiceError
 */
export async function launchBuilder(ec2: EC2Client, spec: BuilderSpec, signal: AbortSignal): Promise<BuilderState> {
  const command = new RunInstancesCommand(runInstancesRequest(spec))
  try {
    const { Instances } = await call('ec2:RunInstances', signal, (options) => ec2.send(command, options))
    return builderState(requireField(Instances?.[0], 'RunInstances', 'instance'))
  } catch (error) {
    throw error instanceof ServiceError ? launchRefused(error, spec) : error
  }
}

/** The refusal as an InputError if one input explains it, otherwise unchanged. */
export function launchRefused(error: ServiceError, spec: BuilderSpec): Error {
  const problem = launchProblem(error, spec)
  return problem === undefined ? error : new InputError([problem], { cause: error })
}

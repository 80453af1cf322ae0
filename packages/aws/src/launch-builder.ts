import { RunInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2'
import { InputError, ServiceError } from '@prebake/kernel'
import type { BuilderSpec, BuilderState } from '@prebake/snapshot'
import { builderState } from './builder-state.ts'
import { requireField, call } from './call.ts'
import { launchProblem } from './launch-problem.ts'
import { runInstancesRequest } from './run-instances-request.ts'

/**
 * Launches one builder. The client may repeat the request, since its token makes the repetitions one.
 * @returns what EC2 says of the instance; a token that was used before gives that instance, even if it has ended
 * @throws InputError where one input explains EC2's refusal, else ServiceError
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

/** A refusal as an InputError where one input explains it, else as it is. */
export function launchRefused(error: ServiceError, spec: BuilderSpec): Error {
  const problem = launchProblem(error, spec)
  return problem === undefined ? error : new InputError([problem], { cause: error })
}

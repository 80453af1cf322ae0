import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm'
import type { MachineImages } from '@prebake/preflight'
import { call, onErrorCode } from './call.ts'

/** AWS's own machine images in one region, by their public parameters. */
export function createMachineImages({ ssm }: { readonly ssm: SSMClient }, region: string): MachineImages {
  return {
    region,
    async find(parameter, signal) {
      const command = new GetParameterCommand({ Name: parameter })
      const answer = await call('ssm:GetParameter', signal, (options) => ssm.send(command, options)).catch(
        onErrorCode(['ParameterNotFound'], undefined),
      )
      return answer?.Parameter?.Value
    },
  }
}

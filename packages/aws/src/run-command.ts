import {
  GetCommandInvocationCommand,
  SendCommandCommand,
  paginateDescribeInstanceInformation,
  type GetCommandInvocationCommandOutput,
  type SSMClient,
} from '@aws-sdk/client-ssm'
import type { CommandState } from '@prebake/snapshot'
import { requireField, call, callPages, onErrorCode } from './call.ts'

/** Whether the SSM agent on the instance is online. */
export async function isOnline(ssm: SSMClient, instanceId: string, signal: AbortSignal): Promise<boolean> {
  const input = { Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] }
  const pages = await callPages('ssm:DescribeInstanceInformation', signal, (options) =>
    paginateDescribeInstanceInformation({ client: ssm }, input, options),
  )
  return pages.flatMap((page) => page.InstanceInformationList ?? []).some(({ PingStatus }) => PingStatus === 'Online')
}

/**
 * Sends one shell line and returns the command's ID. SendCommand has no idempotency token and the client may retry it,
 * so a line must be safe to run twice.
 */
export async function sendCommand(
  ssm: SSMClient,
  instanceId: string,
  line: string,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<string> {
  const command = new SendCommandCommand({
    InstanceIds: [instanceId],
    DocumentName: 'AWS-RunShellScript',
    Parameters: { commands: [line], executionTimeout: [String(timeoutSeconds)] },
    // The limit for delivery; SSM's minimum is 30.
    TimeoutSeconds: Math.max(30, timeoutSeconds),
  })
  const { Command } = await call('ssm:SendCommand', signal, (options) => ssm.send(command, options))
  return requireField(Command?.CommandId, 'SendCommand', 'command ID')
}

/** Undefined while SSM does not know the invocation: for a few seconds after the command was sent. */
export async function getCommand(
  ssm: SSMClient,
  instanceId: string,
  commandId: string,
  signal: AbortSignal,
): Promise<CommandState | undefined> {
  const command = new GetCommandInvocationCommand({ InstanceId: instanceId, CommandId: commandId })
  const answer = await call('ssm:GetCommandInvocation', signal, (options) => ssm.send(command, options)).catch(
    onErrorCode(['InvocationDoesNotExist'], undefined),
  )
  return answer && commandState(answer)
}

function commandState(answer: GetCommandInvocationCommandOutput): CommandState {
  const status = requireField(answer.Status, 'GetCommandInvocation', 'status')
  return {
    status,
    statusDetails: answer.StatusDetails ?? status,
    // -1 means "has not ended" (SSM API reference, GetCommandInvocation).
    exitCode: answer.ResponseCode === -1 ? undefined : answer.ResponseCode,
    stdout: answer.StandardOutputContent ?? '',
    stderr: answer.StandardErrorContent ?? '',
  }
}

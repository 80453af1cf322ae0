import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import { requiredString, type JsonObject } from './json.ts'

/** What GetCommandInvocation gives of an output, in characters (SSM API reference). */
const outputLimit = 24_000
const errorLimit = 8_000

/**
 * How one command does on its instance. Output is empty until it has ended.
 * @throws AwsError InvocationDoesNotExist, also for a little while after SendCommand; InvalidCommandId.
 */
export function getCommandInvocation(cloud: Cloud, input: JsonObject): JsonObject {
  const commandId = requiredString(input, 'CommandId')
  const instanceId = requiredString(input, 'InstanceId')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(commandId)) throw new AwsError('InvalidCommandId', '')
  const command = cloud.store.commands.get(commandId)
  if (command === undefined || command.instanceId !== instanceId || cloud.clock.now() < command.visibleAt) {
    throw new AwsError('InvocationDoesNotExist', '')
  }
  const { startedAt, endedAt } = command
  const elapsed = startedAt && endedAt ? (endedAt.getTime() - startedAt.getTime()) / 1000 : undefined
  return {
    CommandId: commandId,
    InstanceId: instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    PluginName: 'aws:runShellScript',
    ResponseCode: command.exitCode,
    ExecutionStartDateTime: startedAt?.toISOString() ?? '',
    ExecutionElapsedTime: elapsed === undefined ? '' : `PT${elapsed}S`,
    ExecutionEndDateTime: endedAt?.toISOString() ?? '',
    Status: command.status,
    StatusDetails: command.statusDetails,
    StandardOutputContent: endedAt ? command.stdout.slice(0, outputLimit) : '',
    StandardErrorContent: endedAt ? command.stderr.slice(0, errorLimit) : '',
  }
}

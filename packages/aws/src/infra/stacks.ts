import { randomUUID } from 'node:crypto'
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  UpdateStackCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation'
import { ServiceError } from '@prebake/kernel'
import { call, callPages } from '../call.ts'

export interface StackState {
  /** CloudFormation's own word: `CREATE_COMPLETE`. */
  readonly status: string
  readonly reason: string | undefined
  readonly outputs: Readonly<Record<string, string>>
}

export interface StackRequest {
  readonly name: string
  /** The template's text. */
  readonly template: string
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

/** Stacks of CloudFormation. Each method is a single request; whoever calls decides how long to poll. */
export interface Stacks {
  /** Undefined if there is none. */
  describe(name: string, signal: AbortSignal): Promise<StackState | undefined>
  create(request: StackRequest, signal: AbortSignal): Promise<void>
  /** @returns false if nothing differs. */
  update(request: StackRequest, signal: AbortSignal): Promise<boolean>
  remove(name: string, signal: AbortSignal): Promise<void>
  /** What failed since then, one line for each resource, the first failure first. */
  failures(name: string, since: Date, signal: AbortSignal): Promise<readonly string[]>
}

export function createStacks(client: CloudFormationClient): Stacks {
  const inputOf = ({ name, template, parameters, tags }: StackRequest) => ({
    StackName: name,
    TemplateBody: template,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  })
  return {
    async describe(name, signal) {
      const command = new DescribeStacksCommand({ StackName: name })
      const answer = await call('cloudformation:DescribeStacks', signal, (options) => client.send(command, options)).catch(unlessAbsent)
      const stack = answer?.Stacks?.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
      if (stack === undefined) return undefined
      const outputs = (stack.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
        OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue] as const],
      )
      return { status: stack.StackStatus ?? 'UNKNOWN', reason: stack.StackStatusReason, outputs: Object.fromEntries(outputs) }
    },
    async create(request, signal) {
      // With a token, a second try after a lost answer is the same request.
      const command = new CreateStackCommand({ ...inputOf(request), OnFailure: 'ROLLBACK', ClientRequestToken: randomUUID() })
      await call('cloudformation:CreateStack', signal, (options) => client.send(command, options))
    },
    async update(request, signal) {
      const command = new UpdateStackCommand(inputOf(request))
      try {
        await call('cloudformation:UpdateStack', signal, (options) => client.send(command, options))
        return true
      } catch (error) {
        if (error instanceof ServiceError && /no updates are to be performed/i.test(error.message)) return false
        throw error
      }
    },
    async remove(name, signal) {
      await call('cloudformation:DeleteStack', signal, (options) => client.send(new DeleteStackCommand({ StackName: name }), options))
    },
    async failures(name, since, signal) {
      const pages = await callPages('cloudformation:DescribeStackEvents', signal, () =>
        paginateDescribeStackEvents({ client }, { StackName: name }),
      )
      return pages
        .flatMap(({ StackEvents = [] }) => StackEvents)
        .filter(({ ResourceStatus, Timestamp }) => ResourceStatus?.endsWith('_FAILED') && (Timestamp?.getTime() ?? 0) >= since.getTime())
        .toSorted((a, b) => (a.Timestamp?.getTime() ?? 0) - (b.Timestamp?.getTime() ?? 0))
        .map(
          ({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
            `${LogicalResourceId} ${ResourceStatus}: ${ResourceStatusReason}`,
        )
    },
  }
}

/** CloudFormation has no code of its own for it: "Stack with id x does not exist". */
function unlessAbsent(error: unknown): undefined {
  if (error instanceof ServiceError && error.code === 'ValidationError' && error.message.includes('does not exist')) return undefined
  throw error
}

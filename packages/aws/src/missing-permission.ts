import { documentLink } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'

/** A tag that every resource of a build carries. */
const ours = { Null: { 'aws:ResourceTag/prebake:run': 'false' } }
const instances = 'arn:aws:ec2:*:*:instance/*'

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

const ownSnapshots: Statement = {
  Action: ['ec2:CreateTags', 'ec2:DeleteSnapshot'],
  Resource: 'arn:aws:ec2:*::snapshot/*',
  Condition: ours,
}

/** In deploy/infra/iam/deploy-role.json. Without any key, EC2 would remove all tags. */
const rejections: Statement = {
  Action: 'ec2:DeleteTags',
  Resource: 'arn:aws:ec2:*::snapshot/*',
  Condition: {
    Null: { ...ours.Null, 'aws:TagKeys': 'false' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKeys.rejected] },
  },
}

/** Statements of deploy/infra/iam/build-role.json that are narrower than an action on everything. */
const statements: Readonly<Record<string, Statement>> = {
  'ec2:StopInstances': { Action: ['ec2:StopInstances', 'ec2:TerminateInstances'], Resource: instances, Condition: ours },
  'ec2:TerminateInstances': { Action: ['ec2:StopInstances', 'ec2:TerminateInstances'], Resource: instances, Condition: ours },
  'ec2:DeleteSnapshot': ownSnapshots,
  'ec2:DeleteVolume': { Action: 'ec2:DeleteVolume', Resource: 'arn:aws:ec2:*:*:volume/*', Condition: ours },
  'ec2:DisableFastSnapshotRestores': { Action: 'ec2:DisableFastSnapshotRestores', Resource: 'arn:aws:ec2:*::snapshot/*', Condition: ours },
  'ssm:GetParametersByPath': { Action: 'ssm:GetParametersByPath', Resource: 'arn:aws:ssm:*:*:parameter/*' },
  'ec2:DeleteTags': rejections,
  'ec2:CreateSnapshot': { Action: 'ec2:CreateSnapshot', Resource: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:ec2:*::snapshot/*'] },
  'ssm:SendCommand': { Action: 'ssm:SendCommand', Resource: ['arn:aws:ssm:*:*:document/AWS-RunShellScript', instances] },
  'ssm:GetParameter': { Action: 'ssm:GetParameter', Resource: 'arn:aws:ssm:*::parameter/aws/service/bottlerocket/*' },
  'iam:PassRole': {
    Action: 'iam:PassRole',
    Resource: 'arn:aws:iam::*:role/<role of the instance profile>',
    Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  },
}

/** Without the condition the role could tag any instance and then terminate it. */
const tagAtCreation: Statement = {
  Action: 'ec2:CreateTags',
  Resource: ['arn:aws:ec2:*::snapshot/*', instances, 'arn:aws:ec2:*:*:network-interface/*', 'arn:aws:ec2:*:*:volume/*'],
  Condition: { StringEquals: { 'ec2:CreateAction': ['CreateSnapshot', 'RunInstances'] } },
}

/** @param action the refused call: tagging at creation and tagging an existing resource need different statements */
function statementFor(denied: string, action: string): Statement {
  if (denied === 'ec2:CreateTags') return action === denied ? ownSnapshots : tagAtCreation
  return statements[denied] ?? { Action: denied, Resource: '*' }
}

/**
 * What to do about a refusal: the statement to add to the role's policy.
 * @param action the IAM action of the refused call; the missing permission may be another (RunInstances also tags and passes a role)
 * @param message AWS's message, which names the missing permission
 */
export function missingPermission(action: string, message: string): string {
  const denied = /not authorized to perform:? ([a-z0-9-]+:\w+)/.exec(message)?.[1] ?? action
  if (/with an explicit deny/.test(message)) {
    return `A policy denies \`${denied}\` explicitly (a service control policy, a permissions boundary, or the role's own policy). Remove the deny; adding a statement does not help.`
  }
  const statement = JSON.stringify({ Effect: 'Allow', ...statementFor(denied, action) })
  return `Allow \`${denied}\` for this role with the statement ${statement}. The complete policy: ${documentLink('deploy/infra/iam')}.`
}

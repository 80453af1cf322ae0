import type { SimulatedResponse } from '../../core/serve.ts'
import { authorize } from '../access.ts'
import { AwsError, dryRunOperation } from '../aws-error.ts'
import { newUuid, type Cloud } from '../cloud.ts'
import { createTags, deleteTags } from './create-tags.ts'
import { describeRouteTables, describeSubnets, describeVpcEndpoints } from './describe-network.ts'
import { describeInstanceTypes } from './describe-offers.ts'
import {
  createLaunchTemplate,
  createLaunchTemplateVersion,
  describeLaunchTemplates,
  describeLaunchTemplateVersions,
} from './launch-templates.ts'
import { describeImages, registerImage } from './own-images.ts'
import { createVolume, deleteVolume, describeVolumes } from './volumes.ts'
import { describeInstances, stopInstances, terminateInstances } from './instances.ts'
import { describeFastSnapshotRestores, disableFastSnapshotRestores, enableFastSnapshotRestores } from './fast-snapshot-restores.ts'
import { requireSubjects } from './find-resource.ts'
import { flag, type QueryParameters } from './query-parameters.ts'
import { requiredActions } from './required-actions.ts'
import { runInstances } from './run-instances.ts'
import { createSnapshot, deleteSnapshot, describeSnapshots } from './snapshots.ts'
import { xmlResponse, type XmlContent } from './xml.ts'

type Action = (cloud: Cloud, parameters: QueryParameters) => XmlContent | Promise<XmlContent>

const actions: Readonly<Record<string, Action>> = {
  RunInstances: runInstances,
  DescribeInstances: describeInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,
  CreateSnapshot: createSnapshot,
  DescribeSnapshots: describeSnapshots,
  DeleteSnapshot: deleteSnapshot,
  CreateTags: createTags,
  DeleteTags: deleteTags,
  EnableFastSnapshotRestores: enableFastSnapshotRestores,
  DisableFastSnapshotRestores: disableFastSnapshotRestores,
  DescribeFastSnapshotRestores: describeFastSnapshotRestores,
  CreateVolume: createVolume,
  DescribeVolumes: describeVolumes,
  DeleteVolume: deleteVolume,
  CreateLaunchTemplate: createLaunchTemplate,
  CreateLaunchTemplateVersion: createLaunchTemplateVersion,
  DescribeLaunchTemplates: describeLaunchTemplates,
  DescribeLaunchTemplateVersions: describeLaunchTemplateVersions,
  RegisterImage: registerImage,
  DescribeImages: describeImages,
  DescribeSubnets: (_, parameters) => describeSubnets(parameters),
  DescribeRouteTables: (_, parameters) => describeRouteTables(parameters),
  DescribeVpcEndpoints: (_, parameters) => describeVpcEndpoints(parameters),
  DescribeInstanceTypes: (_, parameters) => describeInstanceTypes(parameters),
}

/** Answers one EC2 request; RunInstances looks at DryRun itself, after its other parameters. @throws AwsError. */
export async function answerEc2(cloud: Cloud, action: string, parameters: QueryParameters): Promise<SimulatedResponse> {
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (run === undefined) throw new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`)
  requireSubjects(cloud, action, parameters)
  authorize(cloud.access, 'ec2', requiredActions(action, parameters))
  // A launch is first checked for what else EC2 would refuse.
  if (flag(parameters, 'DryRun') && run !== runInstances) throw dryRunOperation()
  const content = await run(cloud, parameters)
  const requestId = newUuid(cloud.random)
  return xmlResponse(200, `${action}Response`, { '@xmlns': 'http://ec2.amazonaws.com/doc/2016-11-15/', requestId, ...content }, requestId)
}

/** EC2's form of an error (API reference, "Error responses"). */
export const ec2Error = (status: number, code: string, message: string, requestId: string): SimulatedResponse =>
  xmlResponse(status, 'Response', { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId }, requestId)

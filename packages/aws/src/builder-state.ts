import type { Instance } from '@aws-sdk/client-ec2'
import type { BuilderState } from '@prebake/snapshot'
import { requireField } from './call.ts'
import { fromTagList } from './tags.ts'

/** The lifecycle state of a builder, from EC2's description of its instance. */
export function builderState(instance: Instance): BuilderState {
  const state = requireField(instance.State?.Name, 'DescribeInstances', 'state')
  // A new instance also has a reason, `pending`. The second field is empty, not missing, if there is no reason.
  const reason = state === 'pending' || state === 'running' ? '' : instance.StateReason?.Message || instance.StateTransitionReason
  return {
    instanceId: requireField(instance.InstanceId, 'DescribeInstances', 'instance ID'),
    state,
    reason: reason || undefined,
    launchedAt: requireField(instance.LaunchTime, 'DescribeInstances', 'launch time'),
    tags: fromTagList(instance.Tags),
  }
}

import type { Instance } from '@aws-sdk/client-ec2'
import type { BuilderState } from '@prebake/snapshot'
import { requireField } from './call.ts'
import { fromTagList } from './tags.ts'

/** An instance as EC2 describes it, as far as a builder's life goes. */
export function builderState(instance: Instance): BuilderState {
  const state = requireField(instance.State?.Name, 'DescribeInstances', 'state')
  // A new instance has a reason too, `pending`. The second text is empty, not missing, while there is nothing to say.
  const reason = state === 'pending' || state === 'running' ? '' : instance.StateReason?.Message || instance.StateTransitionReason
  return {
    instanceId: requireField(instance.InstanceId, 'DescribeInstances', 'instance ID'),
    state,
    reason: reason || undefined,
    launchedAt: requireField(instance.LaunchTime, 'DescribeInstances', 'launch time'),
    tags: fromTagList(instance.Tags),
  }
}

import { beforeAll, expect, test } from '@jest/globals'
import { mapConcurrently } from '@prebake/kernel'
import { imageTag } from '../build-image.ts'
import { keep } from '../world/mission-steps.ts'
import type { Stage } from '../world/stage.ts'
import type { StepResult } from '../world/start-world.ts'
import { explainFault } from './explain-fault.ts'
import { faults } from './faults.ts'
import { describeExplanation, type Baked, type Explanation } from './find-cause.ts'
import { servingPod } from './kubelet.ts'

/** Three at a time, beside the pod that serves. */
export function testFaults(on: () => Stage): void {
  let found: readonly Explanation[]
  beforeAll(async () => {
    const { world, built } = on()
    const pod = await servingPod(world)
    found = await mapConcurrently(faults, 3, (fault) => explainFault(world, pod.spec.nodeName, fault, bakedRecord(built)))
    keep('faults', found.map((each, index) => `## ${faults[index]?.name}\n\n${describeExplanation(each)}`).join('\n\n'))
  }, 2_700_000)

  test.each(faults.map(({ name, cause }, index) => [name, cause, index] as const))('%s: %s', (_, cause, index) => {
    expect(found[index]?.problems).toEqual([])
    expect(found[index]?.findings[0]).toMatchObject({ rule: cause, certainty: 3 })
  })
}

/** What the tags of its snapshot say is on it, as far as a diagnosis asks. */
function bakedRecord({ outputs }: StepResult): Baked {
  const [name = '', digest = ''] = (outputs['image-digests'] ?? '').split('@')
  return { modelPath: outputs['model-path'], images: [{ name, tag: imageTag, digest }] }
}

import { beforeAll, expect, test } from '@jest/globals'
import { mapConcurrently } from '@prebake/kernel'
import type { Finding } from '../../../../packages/diagnose/src/index.ts'
import { imageTag } from '../build-image.ts'
import { keep } from '../world/mission-steps.ts'
import type { Stage } from '../world/stage.ts'
import type { StepResult } from '../world/start-world.ts'
import { explainFault, type Baked } from './explain-fault.ts'
import { faults } from './faults.ts'
import { servingPod } from './kubelet.ts'

/** Three at a time, beside the pod that serves. */
export function testFaults(on: () => Stage): void {
  let found: readonly (readonly Finding[])[]
  beforeAll(async () => {
    const { world, built } = on()
    const pod = await servingPod(world)
    found = await mapConcurrently(faults, 3, (fault) => explainFault(world, pod.spec.nodeName, fault, bakedRecord(built)))
    keep('faults', found.map((findings, index) => `## ${faults[index]?.name}\n\n${findings.map(line).join('\n')}`).join('\n\n'))
  }, 2_700_000)

  test.each(faults.map(({ name, cause }, index) => [name, cause, index] as const))('%s: %s', (_, cause, index) => {
    expect(found[index]?.[0]).toMatchObject({ rule: cause, certainty: 3 })
  })
}

/** What the tags of its snapshot say is on it, as far as a diagnosis asks. */
function bakedRecord({ outputs }: StepResult): Baked {
  const [name = '', digest = ''] = (outputs['image-digests'] ?? '').split('@')
  return { modelPath: outputs['model-path'], images: [{ name, tag: imageTag, digest }] }
}

const line = ({ rule, cause, evidence }: Finding) => `- \`${rule}\`: ${cause}\n  ${evidence[0]?.text ?? ''}`

import { readField } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { isAbsent } from '../../ports/fact.ts'
import { bakedNodeClasses, gpuArchitectures } from '../../subject/baked-node-classes.ts'
import { machineImagesOf, pinnedParameters } from '../../subject/machine-images.ts'
import { rule, type Rule } from '../rule.ts'

/** What Karpenter's EC2NodeClass takes, and passes on to Bottlerocket (karpenter-provider-aws, pkg/providers/amifamily/bootstrap/bottlerocket.go). */
const passedOn = [
  'clusterDNS',
  'cpuCFSQuota',
  'evictionHard',
  'evictionMaxPodGracePeriod',
  'evictionSoft',
  'evictionSoftGracePeriod',
  'imageGCHighThresholdPercent',
  'imageGCLowThresholdPercent',
  'kubeReserved',
  'maxPods',
  'systemReserved',
]

/** Machine images that do not exist, or nodes that do not become what Karpenter plans. */
export const machineImage: readonly Rule[] = [
  rule({
    id: 'release-without-image',
    severity: 'error',
    about: "The alias names a release of Bottlerocket that has no GPU image for the cluster's version of Kubernetes.",
    needs: ['machineImage'],
    each: bakedNodeClasses,
    judge: (nodeClass, subject) => {
      const { version } = subject.cluster
      const parameters = pinnedParameters(nodeClass, version, gpuArchitectures(nodeClass, subject))
      if (parameters.length === 0 || !parameters.every((name) => isAbsent(subject.facts.machineImage[name]))) return undefined
      const [image] = machineImagesOf(nodeClass)
      const problem = `Bottlerocket ${image?.release} has no GPU image for Kubernetes ${version}: Karpenter makes no node.`
      const fix = `Name a release that has one (\`aws ssm get-parameter --name ${parameters[0]?.replace(/[^/]+\/image_id$/, 'latest/image_version')}\`).`
      return flaw(nodeClass, image?.field ?? '', problem, fix)
    },
  }),
  rule({
    id: 'image-without-gpu',
    severity: 'error',
    about: 'The machine image is a variant of Bottlerocket without NVIDIA’s driver: its nodes never have a GPU for pods.',
    each: bakedNodeClasses,
    judge: (nodeClass, subject) =>
      machineImagesOf(nodeClass).flatMap(({ field, variant }): Flaw[] => {
        if (variant === undefined || /nvidia|\*/.test(variant) || gpuArchitectures(nodeClass, subject).length === 0) return []
        const problem = `${variant} has no driver for NVIDIA's GPUs: pods that ask for one stay Pending.`
        return [flaw(nodeClass, field, problem, `Choose \`${variant}-nvidia\`, or an alias, for which Karpenter chooses the variant.`)]
      }),
  }),
  rule({
    id: 'kubelet-setting-ignored',
    severity: 'warning',
    about:
      '`kubelet.podsPerCore`, which Bottlerocket does not have, so that Karpenter ignores it too: a node takes more pods than it says.',
    each: bakedNodeClasses,
    judge: (nodeClass) =>
      Object.keys(readField(nodeClass.object, 'spec.kubelet') ?? {}).flatMap((name): (Flaw | Unjudged)[] => {
        if (passedOn.includes(name)) return []
        const field = `spec.kubelet.${name}`
        if (name !== 'podsPerCore')
          return [unjudged(nodeClass, field, 'whether Bottlerocket has this setting of the kubelet is not known here')]
        const problem =
          'Bottlerocket has no such setting, and Karpenter ignores it for Bottlerocket: a node takes more pods than this says.'
        return [flaw(nodeClass, field, problem, 'Set `maxPods` instead.')]
      }),
  }),
]

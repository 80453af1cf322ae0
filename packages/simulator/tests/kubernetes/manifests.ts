import { versions } from '@prebake/versions'
import { deploymentPath } from './start-kubernetes.ts'

export const image = `vllm/vllm-openai:v${versions.vllm}`
export const nodeClassPath = '/apis/karpenter.k8s.aws/v1/ec2nodeclasses/vllm'
export const nodePoolPath = '/apis/karpenter.sh/v1/nodepools/vllm'
const localModel = '/mnt/models/hf-cache/hub/models--TheBloke--Mistral-7B-Instruct-v0.2-AWQ/snapshots/5f9c'

const volume = { volumeType: 'gp3', volumeSize: '150Gi', iops: 3000, throughput: 600 }

export const nodeClass = (snapshot?: string) => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'vllm' },
  spec: {
    amiSelectorTerms: [{ alias: `bottlerocket@v${versions.bottlerocket}` }],
    blockDeviceMappings: [
      { deviceName: '/dev/xvda', ebs: { volumeSize: '4Gi' } },
      {
        deviceName: '/dev/xvdb',
        ebs: { ...volume, ...(snapshot !== undefined && { snapshotID: snapshot, volumeInitializationRate: 300 }) },
      },
    ],
  },
})

export const nodePool = (label: string, limit = 8) => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm' },
  spec: {
    template: {
      metadata: { labels: { 'prebake.dev/nodeclass': label } },
      spec: {
        nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'vllm' },
        requirements: [{ key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['g5.2xlarge', 'g6.2xlarge'] }],
        taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
      },
    },
    disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: '60s' },
    limits: { 'nvidia.com/gpu': limit },
  },
})

const probe = (periodSeconds: number) => ({ httpGet: { path: '/health', port: 8000 }, periodSeconds })

export const deployment = (label: string, model: string, volumes: readonly object[]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', labels: { app: 'vllm' } },
  spec: {
    progressDeadlineSeconds: 1800,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: { app: 'vllm' } },
    template: {
      metadata: { labels: { app: 'vllm' } },
      spec: {
        nodeSelector: { 'prebake.dev/nodeclass': label },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
        containers: [
          {
            name: 'vllm',
            image,
            command: ['vllm', 'serve'],
            args: [model, '--served-model-name=mistral', '--max-model-len=8192'],
            env: [{ name: 'VLLM_CACHE_ROOT', value: '/cache/vllm' }],
            resources: { requests: { cpu: 4, memory: '16Gi', 'nvidia.com/gpu': 1 }, limits: { 'nvidia.com/gpu': 1 } },
            startupProbe: probe(2),
            readinessProbe: probe(5),
            volumeMounts: [{ name: 'models', mountPath: '/mnt/models' }],
          },
        ],
        volumes,
      },
    },
  },
})

const hostPath = [{ name: 'models', hostPath: { path: '/mnt/models', type: 'Directory' } }]

/** Model and image come from the snapshot. */
export const baked = (snapshot = 'snap-1') => ({
  [nodeClassPath]: nodeClass(snapshot),
  [nodePoolPath]: nodePool('baked'),
  [deploymentPath]: deployment('baked', localModel, hostPath),
})

/** Everything is downloaded. */
export const control = () => ({
  [nodeClassPath]: nodeClass(),
  [nodePoolPath]: nodePool('control'),
  [deploymentPath]: deployment('control', 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ', [{ name: 'models', emptyDir: {} }]),
})

/** The Deployment of `baked` on nodes without a snapshot. */
export const unbaked = () => ({
  [nodeClassPath]: nodeClass(),
  [nodePoolPath]: nodePool('control'),
  [deploymentPath]: deployment('control', localModel, hostPath),
})

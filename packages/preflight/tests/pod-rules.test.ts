import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { digest, judge, modelPath, onPod, onPool, snapshotId, type Changes } from './good-subject.ts'

const pod = 'spec/template/spec'
const container = `${pod}/containers/0`
const deployment = 'Deployment default/vllm'
const first = `${deployment} spec.template.spec.containers[0]`
const args = (...more: string[]) => onPod(`${container}/args`, [modelPath, '--load-format=safetensors', '--config-format=hf', ...more])
const service = (name: string, spec = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec,
})
const linked: Changes['set'] = [['Deployment', `${pod}/enableServiceLinks`, undefined]]
const hpa = (name: string): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'scaler', namespace: 'default' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } },
})

test.each<[rule: string, changes: Changes, place: string, words: RegExp]>([
  ['image-pull-always', onPod(`${container}/imagePullPolicy`, 'Always'), `${first}.imagePullPolicy`, /IfNotPresent/],
  ['image-malformed', onPod(`${container}/image`, 'docker://vllm/vllm-openai:v1'), `${first}.image`, /not an image reference/],
  ['image-latest', onPod(`${container}/image`, 'vllm/vllm-openai'), `${first}.image`, /newest/],
  ['image-latest', onPod(`${container}/image`, 'vllm/vllm-openai:latest'), `${first}.image`, /newest/],
  [
    'image-not-baked',
    onPod(`${container}/image`, `docker.io/vllm/vllm-openai@sha256:${'b'.repeat(64)}`),
    `${first}.image`,
    new RegExp(`does not have this image.*docker.io/vllm/vllm-openai@${digest}`),
  ],
  ['image-not-baked', onPod(`${container}/image`, `ghcr.io/vllm/vllm-openai@${digest}`), `${first}.image`, /does not have/],
  ['image-by-tag', onPod(`${container}/image`, 'vllm/vllm-openai:v0.11.0'), `${first}.image`, new RegExp(`@${digest}`)],
  ['model-path-not-baked', { baked: { modelPath: '/mnt/models/other' } }, `${first}.args`, /has its model at \/mnt\/models\/other/],
  [
    'model-mount-created',
    onPod(`${pod}/volumes/0/hostPath/type`, 'DirectoryOrCreate'),
    `${deployment} spec.template.spec.volumes[0].hostPath.type`,
    /Directory/,
  ],
  ['model-mount-writable', onPod(`${container}/volumeMounts/0/readOnly`, undefined), `${first}.volumeMounts[0]`, /readOnly: true/],
  [
    'hidden-host-path',
    onPod(`${pod}/volumes/1/hostPath/path`, '/local/mnt/cache'),
    `${deployment} spec.template.spec.volumes[1].hostPath.path`,
    /Set `path: \/mnt\/cache`/,
  ],
  [
    'hidden-host-path',
    onPod(`${pod}/volumes/1/hostPath/path`, '/local/host-containers/admin'),
    `${deployment} spec.template.spec.volumes[1].hostPath.path`,
    /SELinux/,
  ],
  ['progress-deadline', onPod('spec/progressDeadlineSeconds', undefined), `${deployment} spec.progressDeadlineSeconds`, /600 s.*1800/],
  ['hub-online', onPod(`${container}/env/1/value`, '0'), `${first}.env`, /HF_HUB_OFFLINE/],
  [
    'guessed-format',
    onPod(`${container}/args`, [modelPath, '--load-format', 'auto', '--config-format', 'hf']),
    `${first}.args`,
    /^--load-format is left/,
  ],
  ['guessed-format', onPod(`${container}/args`, [modelPath]), `${first}.args`, /^--load-format and --config-format are left/],
  ['mistral-format', args('--load-format=mistral'), `${first}.args`, /consolidated\.safetensors/],
  [
    'cache-on-read-only-mount',
    onPod(`${container}/env/5/value`, '/mnt/models/cache'),
    `${first}.env`,
    /VLLM_CACHE_ROOT points below a read-only mount/,
  ],
  ['probe-floor', onPod(`${container}/startupProbe/initialDelaySeconds`, 30), `${first}.startupProbe`, /before 30 s/],
  ['probe-floor', onPod(`${container}/startupProbe/periodSeconds`, undefined), `${first}.startupProbe`, /up to 10 s/],
  ['liveness-without-startup', onPod(`${container}/startupProbe`, undefined), `${first}.livenessProbe`, /after 30 s/],
  ['drift-blocked', onPool('spec/disruption/budgets/1/nodes', '0'), 'NodePool vllm spec.disruption.budgets[1]', /never replaced/],
  ['drift-blocked', onPool('spec/disruption/budgets', [{ nodes: '0%' }]), 'NodePool vllm spec.disruption.budgets[0]', /never replaced/],
  [
    'unlimited-consolidation',
    onPool('spec/disruption/consolidationPolicy', undefined),
    'NodePool vllm spec.disruption.budgets',
    /Underutilized/,
  ],
  [
    'no-node-pool',
    onPool('spec/template/metadata/labels', { other: 'yes' }),
    `${deployment} spec.template.spec.nodeSelector`,
    /NodePool vllm: prebake\.dev\/nodeclass/,
  ],
  [
    'no-node-pool',
    onPod(`${pod}/tolerations`, undefined),
    `${deployment} spec.template.spec.tolerations`,
    /nvidia\.com\/gpu(=\w+)?:NoSchedule.*`\{ key: nvidia\.com\/gpu, operator: Exists \}`/,
  ],
  [
    'no-node-pool',
    onPod(`${pod}/nodeSelector`, { 'karpenter.sh/nodepool': 'vlm' }),
    `${deployment} spec.template.spec.nodeSelector`,
    /karpenter\.sh\/nodepool/,
  ],
  [
    'pod-security',
    { facts: { snapshot: {}, namespace: { default: { value: { 'pod-security.kubernetes.io/enforce': 'baseline' } } } } },
    `${deployment} spec.template.spec.volumes[0].hostPath`,
    /default enforces `baseline`/,
  ],
  [
    'pod-security',
    {
      add: [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'default', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
        },
      ],
    },
    `${deployment} spec.template.spec.volumes[0].hostPath`,
    /restricted/,
  ],
  [
    'service-link-port',
    { set: linked, facts: { snapshot: {}, services: { default: { value: [service('vllm')] } } } },
    `${deployment} spec.template.spec.enableServiceLinks`,
    /VLLM_PORT/,
  ],
  ['service-link-port', { set: linked, add: [service('vllm')] }, `${deployment} spec.template.spec.enableServiceLinks`, /VLLM_PORT/],
  [
    'service-link-names',
    { set: linked, add: [service('vllm-metrics')] },
    `${deployment} spec.template.spec.enableServiceLinks`,
    /vllm-metrics/,
  ],
  [
    'replicas-owned',
    { set: [['Deployment', 'spec/replicas', 2]], add: [hpa('vllm')] },
    `${deployment} spec.replicas`,
    /HorizontalPodAutoscaler scaler/,
  ],
  [
    'replicas-owned',
    {
      set: [['Deployment', 'spec/replicas', 2]],
      facts: {
        snapshot: {},
        autoscalers: { default: { value: [{ kind: 'ScaledObject', name: 'keda', target: { kind: 'Deployment', name: 'vllm' } }] } },
      },
    },
    `${deployment} spec.replicas`,
    /ScaledObject keda/,
  ],
])('%s alone is found: %j', (rule, changes, place, words) => {
  const { findings, lines } = judge(changes)
  expect(lines).toEqual([`${rule} ${place}`])
  expect(`${findings[0]?.problem} ${findings[0]?.fix}`).toMatch(words)
})

test('no GPU asked for: vLLM comes to the node all the same', () => {
  const { lines } = judge({ set: [['Deployment', `${container}/resources`, {}]] })
  expect(lines).toEqual([`no-gpu-asked ${first}.resources.limits`])
})

test.each(['karpenter.k8s.aws/ec2nodeclass', 'karpenter.sh/initialized', 'sub.karpenter.sh/x'])('pods must not select by %s', (label) => {
  const rule = (changes: Changes) => judge(changes).lines.filter((line) => line.startsWith('refused'))
  expect(rule(onPod(`${pod}/nodeSelector`, { [label]: 'vllm' }))).toEqual([
    `refused-node-label ${deployment} spec.template.spec.nodeSelector`,
  ])
  const terms = [{ matchExpressions: [{ key: label, operator: 'Exists' }] }]
  const affinity = onPod(`${pod}/affinity`, {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  })
  expect(rule(affinity)[0]).toMatch(/nodeSelectorTerms\[0\]$/)
})

test.each<[title: string, changes: Changes]>([
  ['a label of the instance, which is well known', onPod(`${pod}/nodeSelector`, { 'karpenter.k8s.aws/instance-family': 'g6' })],
  ["a NodePool's own name", onPod(`${pod}/nodeSelector`, { 'karpenter.sh/nodepool': 'vllm' })],
  ['a small sidecar that is not baked', onPod(`${pod}/containers/1`, { name: 'log', image: 'busybox:1.36' })],
  ['another name of Docker Hub', onPod(`${container}/image`, `index.docker.io/vllm/vllm-openai@${digest}`)],
  [
    'a short name of Docker Hub',
    {
      baked: { images: [{ name: 'docker.io/library/vllm', tag: undefined, digest }] },
      ...onPod(`${container}/image`, `docker.io/vllm@${digest}`),
    },
  ],
  ['a model alone: any image', { baked: { images: [] }, ...onPod(`${container}/image`, 'vllm/vllm-openai:v0.11.0') }],
  ['the path with a slash at its end', onPod(`${container}/args/0`, `${modelPath}/`)],
  ['a budget of 0 with a schedule', onPool('spec/disruption/budgets', [{ nodes: '0', schedule: '0 9 * * 1-5', duration: '8h' }])],
  ['a budget of 0 for another problem', onPool('spec/disruption/budgets', [{ nodes: '0', reasons: ['Underutilized'] }])],
  [
    'a pause of our own',
    {
      set: [
        ['NodePool', 'spec/disruption/budgets/1/nodes', '0'],
        ['NodePool', 'metadata/annotations', { 'prebake.dev/held': '1' }],
      ],
    },
  ],
  ['a headless Service sets no variables', { set: linked, add: [service('vllm', { clusterIP: 'None' })] }],
  ['a Service in another namespace', { set: linked, add: [{ ...service('vllm'), metadata: { name: 'vllm', namespace: 'other' } }] }],
  ['an autoscaler of another Deployment', { set: [['Deployment', 'spec/replicas', 2]], add: [hpa('other')] }],
  ['an autoscaler, and no replicas', { add: [hpa('vllm')] }],
  [
    'readiness every 5 s',
    {
      set: [
        ['Deployment', `${container}/startupProbe`, undefined],
        ['Deployment', `${container}/livenessProbe`, undefined],
      ],
    },
  ],
])('nothing is found: %s', (_title, changes) => {
  expect(judge(changes).lines).toEqual([])
})

test('errors come first, and a pod on two NodePools is reported once', () => {
  const { lines, findings } = judge({
    set: [
      ['Deployment', `${container}/image`, 'vllm/vllm-openai:latest'],
      ['EC2NodeClass', 'spec/blockDeviceMappings/1/ebs/throughput', 125],
    ],
    add: [
      {
        apiVersion: 'karpenter.sh/v1',
        kind: 'NodePool',
        metadata: { name: 'second' },
        spec: {
          template: {
            metadata: { labels: { 'prebake.dev/nodeclass': `vllm-${snapshotId}` } },
            spec: { nodeClassRef: { kind: 'EC2NodeClass', name: 'vllm' } },
          },
        },
      },
    ],
  })
  expect(findings.map(({ severity }) => severity).toSorted()).toEqual(findings.map(({ severity }) => severity))
  expect(lines.filter((line) => line.startsWith('image-latest'))).toHaveLength(1)
  expect(lines[0]).toMatch(/^image-latest/)
})

/** Sets as people publish them: a NodeClass with a fixed name, a label of their own, and one container of vLLM. */
export interface SetOptions {
  /** Of the EC2NodeClass; another one for each content where it has `${NODECLASS_HASH}`. */
  readonly className?: string
  /** Labels that the NodePool gives its nodes, and that the pods select. */
  readonly labels?: string
  readonly kind?: 'Deployment' | 'StatefulSet'
  readonly probes?: boolean
  /** Of the pod template. */
  readonly annotations?: string
  readonly model?: string
  readonly container?: string
  readonly spec?: string
}

const modelPath = '/mnt/models/hf-cache/hub/models--TheBloke--Mistral-7B-Instruct-v0.2-AWQ/snapshots/5f9c1b7e'

export const nodeClass = (snapshotId: string, { className = 'gpu' }: SetOptions = {}): string => `
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: '${className}' }
spec:
  role: node
  amiSelectorTerms: [{ alias: bottlerocket@v1.69.0 }]
  subnetSelectorTerms: [{ tags: { karpenter.sh/discovery: demo } }]
  securityGroupSelectorTerms: [{ tags: { karpenter.sh/discovery: demo } }]
  blockDeviceMappings:
    - { deviceName: /dev/xvda, ebs: { volumeType: gp3, volumeSize: 4Gi } }
    - { deviceName: /dev/xvdb, ebs: { volumeType: gp3, volumeSize: 150Gi, snapshotID: ${snapshotId}, throughput: 600, volumeInitializationRate: 300 } }
`

export const nodePool = ({ className = 'gpu', labels = 'intent: llm' }: SetOptions = {}): string => `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  template:
    metadata: { labels: { ${labels} } }
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: '${className}' }
      requirements:
        - { key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }
        - { key: node.kubernetes.io/instance-type, operator: In, values: [g6.2xlarge, g5.2xlarge] }
      taints: [{ key: nvidia.com/gpu, effect: NoSchedule }]
  disruption: { consolidationPolicy: WhenEmpty, consolidateAfter: 60s }
`

const probes = `
          startupProbe: { httpGet: { path: /health, port: 8000 }, periodSeconds: 2, failureThreshold: 900 }
          readinessProbe: { httpGet: { path: /health, port: 8000 }, periodSeconds: 5 }`

export const workload = (options: SetOptions = {}): string => `
apiVersion: apps/v1
kind: ${options.kind ?? 'Deployment'}
metadata: { name: llm }
spec:
  ${options.kind === 'StatefulSet' ? 'serviceName: llm' : 'progressDeadlineSeconds: 1800'}
  ${options.spec ?? ''}
  selector: { matchLabels: { app: llm } }
  template:
    metadata: { labels: { app: llm }, annotations: { ${options.annotations ?? ''} } }
    spec:
      nodeSelector: { ${options.labels ?? 'intent: llm'} }
      tolerations: [{ key: nvidia.com/gpu, operator: Exists }]
      enableServiceLinks: false
      containers:
        - name: vllm
          image: docker.io/vllm/vllm-openai@sha256:${'a1'.repeat(32)}
          command: [vllm, serve]
          args: ['${options.model ?? modelPath}', --load-format=safetensors, --config-format=hf]
          env: [{ name: HF_HOME, value: /mnt/models/hf-cache }, { name: HF_HUB_OFFLINE, value: '1' }, { name: VLLM_CACHE_ROOT, value: /cache/vllm }]
          resources: { requests: { cpu: 4, memory: 16Gi }, limits: { nvidia.com/gpu: 1 } }${options.probes === false ? '' : probes}
          volumeMounts: [{ name: models, mountPath: /mnt/models, readOnly: true }, { name: cache, mountPath: /cache }, { name: shm, mountPath: /dev/shm }]
        ${options.container ?? ''}
      volumes: [{ name: models, hostPath: { path: /mnt/models, type: Directory } }, { name: cache, emptyDir: {} }, { name: shm, emptyDir: { medium: Memory } }]
`

export const setOf = (snapshotId: string, options: SetOptions = {}): string =>
  [nodeClass(snapshotId, options), nodePool(options), workload(options)].join('---')

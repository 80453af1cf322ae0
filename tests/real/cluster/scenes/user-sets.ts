/** Manifests in the forms in which people keep them, by path: a Helm chart with its values, and a base with an overlay for kustomize. */

const pod = (nodeClass: string) => `
      nodeSelector: { example.com/class: ${nodeClass} }
      tolerations: [{ key: nvidia.com/gpu, operator: Exists }]
      enableServiceLinks: false`

const server = `
          command: [vllm, serve]
          args: [/mnt/models/llm, --load-format=safetensors, --config-format=hf, --max-model-len=8192]
          ports: [{ name: http, containerPort: 8000 }]
          resources: { requests: { cpu: 4, memory: 16Gi }, limits: { nvidia.com/gpu: 1 } }
          readinessProbe: { httpGet: { path: /health, port: http }, periodSeconds: 5 }
          startupProbe: { httpGet: { path: /health, port: http }, periodSeconds: 2, failureThreshold: 900 }
          volumeMounts: [{ name: models, mountPath: /mnt/models, readOnly: true }]
      volumes: [{ name: models, hostPath: { path: /mnt/models, type: Directory } }]`

const nodes = (role: string, cluster: string) => `
  role: ${role}
  amiSelectorTerms: [{ alias: bottlerocket@v1.99.0 }]
  subnetSelectorTerms: [{ tags: { karpenter.sh/discovery: ${cluster} } }]
  securityGroupSelectorTerms: [{ tags: { karpenter.sh/discovery: ${cluster} } }]`

const requirements = `
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [g6.2xlarge, g5.2xlarge] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }
      taints: [{ key: nvidia.com/gpu, effect: NoSchedule }]`

const disruption = `
  disruption: { consolidationPolicy: WhenEmpty, consolidateAfter: 60s, budgets: [{ nodes: '1' }] }
  limits: { nvidia.com/gpu: 8 }`

export const chart = (role: string, cluster: string): Readonly<Record<string, string>> => ({
  'chart/Chart.yaml': 'apiVersion: v2\nname: llm\nversion: 1.2.3\nappVersion: "0.32.0"\n',
  'chart/values.yaml': 'image: { repository: docker.io/vllm/vllm-openai, tag: v0.32.0 }\nsnapshotID: ""\nlogLevel: INFO\n',
  'chart/templates/_helpers.tpl':
    '{{- define "llm.labels" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end }}\n' +
    '{{- define "llm.class" -}}\n{{ printf "%s-%s" .Release.Name (trunc -6 (required "snapshotID" .Values.snapshotID)) }}\n{{- end }}\n',
  'chart/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  labels: {{- include "llm.labels" . | nindent 4 }}\ndata:\n' +
    '  VLLM_LOGGING_LEVEL: {{ .Values.logLevel | quote }}\n  HF_HUB_OFFLINE: "1"\n',
  'chart/templates/nodes.yaml': `apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: {{ include "llm.class" . }}
spec:${nodes(role, cluster)}
  blockDeviceMappings:
    - { deviceName: /dev/xvda, ebs: { volumeType: gp3, volumeSize: 4Gi } }
    - { deviceName: /dev/xvdb, ebs: { volumeType: gp3, volumeSize: 150Gi, throughput: 600, snapshotID: {{ .Values.snapshotID }} } }
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    metadata: { labels: { example.com/class: {{ include "llm.class" . }} } }
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: {{ include "llm.class" . }} }${requirements}${disruption}
`,
  'chart/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "llm.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels: {{- include "llm.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "llm.labels" . | nindent 8 }}
      annotations: { checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }} }
    spec:${pod('{{ include "llm.class" . }}')}
      containers:
        - name: server
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          envFrom: [{ configMapRef: { name: {{ .Release.Name }} } }]${server}
`,
  'chart/templates/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: { name: {{ .Release.Name }} }\nspec:\n  selector: {{- include "llm.labels" . | nindent 4 }}\n' +
    '  ports: [{ name: http, port: 80, targetPort: http }]\n',
  'chart/templates/tests/ping.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: { name: ping, annotations: { helm.sh/hook: test } }\nspec: { containers: [{ name: a, image: b }] }\n',
})

export const overlay = (role: string, cluster: string, snapshotId: string): Readonly<Record<string, string>> => ({
  'base/kustomization.yaml': 'resources: [nodeclass.yaml, nodepool.yaml, deployment.yaml, service.yaml]\n',
  'base/nodeclass.yaml': `apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec:${nodes(role, cluster)}
  blockDeviceMappings:
    - { deviceName: /dev/xvda, ebs: { volumeType: gp3, volumeSize: 4Gi } }
    - { deviceName: /dev/xvdb, ebs: { volumeType: gp3, volumeSize: 100Gi } }
`,
  'base/nodepool.yaml': `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  template:
    metadata: { labels: { example.com/class: gpu } }
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu }${requirements}${disruption}
`,
  'base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: chat }
spec:
  selector: { matchLabels: { app: chat } }
  template:
    metadata: { labels: { app: chat } }
    spec:${pod('gpu')}
      containers:
        - name: server
          image: vllm
          envFrom: [{ configMapRef: { name: chat-env } }]${server}
`,
  'base/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: { name: chat }\nspec: { selector: { app: chat }, ports: [{ port: 80, targetPort: http }] }\n',
  'prod/kustomization.yaml': `resources: [../base]
images: [{ name: vllm, newName: docker.io/vllm/vllm-openai, newTag: v0.32.0 }]
configMapGenerator: [{ name: chat-env, literals: [HF_HUB_OFFLINE=1] }]
labels: [{ pairs: { env: prod } }]
replicas: [{ name: chat, count: 2 }]
patches:
  - target: { kind: EC2NodeClass }
    patch: |
      - { op: add, path: /spec/blockDeviceMappings/1/ebs/snapshotID, value: ${snapshotId} }
      - { op: replace, path: /spec/blockDeviceMappings/1/ebs/volumeSize, value: 150Gi }
`,
})

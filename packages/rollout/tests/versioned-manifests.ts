import { readManifests } from '@prebake/manifests'

/** A versioned NodeClass with this snapshot, its NodePool and a Deployment with this image. */
export const versionedManifests = (snapshot: string, image = 'one', more = '') =>
  readManifests([{ path: 'vllm.yaml', text: text + more }], { SNAPSHOT: snapshot, IMAGE: image })

/** The name of the NodeClass with this snapshot. */
export const classOf = (snapshot: string): string => versionedManifests(snapshot)[0]?.document.metadata.name ?? ''

const text = `
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: 'vllm-\${NODECLASS_HASH}', labels: { prebake.dev/nodeclass-of: vllm } }
spec: { blockDeviceMappings: [{ ebs: { snapshotID: '\${SNAPSHOT}' } }] }
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: vllm }
spec:
  template:
    metadata: { labels: { prebake.dev/nodeclass: 'vllm-\${NODECLASS_HASH}' } }
    spec: { nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: 'vllm-\${NODECLASS_HASH}' } }
  disruption: { budgets: [{ nodes: '100%', reasons: [Empty, Drifted] }, { nodes: '1', reasons: [Drifted] }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: vllm }
spec:
  selector: { matchLabels: { app: vllm } }
  template:
    metadata: { labels: { app: vllm } }
    spec:
      nodeSelector: { prebake.dev/nodeclass: 'vllm-\${NODECLASS_HASH}' }
      containers: [{ name: vllm, image: '\${IMAGE}' }]
`

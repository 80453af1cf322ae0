/** kwok's stages (kwok.x-k8s.io/v1alpha1): what the kubelet of a managed node makes of its pods. Times are real. */

/** Annotations of a pod template by which a test says how its pods fare. */
export const fate = {
  /** How long its container takes until it is ready: `3s`. Half a second where it is not given. */
  readyAfter: 'prebake.test/ready-after',
  /** Its container ends with code 1 again and again. */
  crashes: 'prebake.test/crashes',
} as const

const present = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' }
const crashing = (operator: 'Exists' | 'DoesNotExist') => ({ key: `.metadata.annotations["${fate.crashes}"]`, operator })
const pending = { key: '.status.phase', operator: 'In', values: ['Pending'] }
const notReady = { key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: 'NotIn', values: ['True'] }

/** One condition of a pod; the API server wants every stamp with its zone. */
function condition(type: string, holds: boolean): string {
  const reason = holds ? '' : '\n  reason: ContainersNotReady'
  return `- type: ${type}\n  status: "${holds ? 'True' : 'False'}"\n  lastTransitionTime: {{ $now | Quote }}${reason}`
}

function podStatus(phase: string, ready: boolean, container: string): string {
  return [
    '{{ $now := Now }}',
    `phase: ${phase}`,
    'startTime: {{ $now | Quote }}',
    'hostIP: {{ NodeIPWith .spec.nodeName | Quote }}',
    'podIP: {{ PodIPWith .spec.nodeName false ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}',
    'conditions:',
    condition('Initialized', true),
    condition('Ready', ready),
    condition('ContainersReady', ready),
    'containerStatuses:',
    '{{ range .spec.containers }}',
    '- name: {{ .name | Quote }}',
    '  image: {{ .image | Quote }}',
    `  ready: ${ready}`,
    container,
    '{{ end }}',
  ].join('\n')
}

function stage(kind: 'Pod' | 'Node', name: string, selector: readonly object[], delay: object, next: object): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions: selector }, delay, next },
  }
}

// Not at once: Karpenter takes its NoExecute taint off a node that has registered, and a pod that comes before that is evicted.
const nodeStatus = `{{ $now := Now }}
phase: Running
conditions:
- type: Ready
  status: "True"
  reason: KubeletReady
  message: the stand-in for a kubelet is there
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}`

const crashed = `  restartCount: 3
  started: false
  lastState:
    terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }
  state:
    waiting: { reason: CrashLoopBackOff, message: back-off 40s restarting failed container }`

export const stages: readonly object[] = [
  stage('Node', 'node-ready', [notReady], { durationMilliseconds: 1500 }, { statusTemplate: nodeStatus }),
  stage(
    'Pod',
    'pod-ready',
    [present, pending, notReady, crashing('DoesNotExist')],
    {
      durationMilliseconds: 500,
      durationFrom: { expressionFrom: `.metadata.annotations["${fate.readyAfter}"]` },
    },
    {
      statusTemplate: podStatus(
        'Running',
        true,
        '  restartCount: 0\n  started: true\n  state:\n    running: { startedAt: {{ $now | Quote }} }',
      ),
    },
  ),
  stage(
    'Pod',
    'pod-crashes',
    [present, pending, notReady, crashing('Exists')],
    { durationMilliseconds: 500 },
    { statusTemplate: podStatus('Running', false, crashed) },
  ),
  // As long as vLLM takes to end after SIGTERM, but shorter.
  stage('Pod', 'pod-ends', [{ ...present, operator: 'Exists' }], { durationMilliseconds: 500 }, { delete: true }),
]

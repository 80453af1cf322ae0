import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildPrograms, type Go } from '../build-programs.ts'

/** What was built once, and is then only read. */
export interface Parts {
  /** Path of a program by its name: `etcd`, `kube-apiserver`. */
  program(name: Program): string
  /** YAML files of Karpenter's own custom resource definitions. */
  readonly crds: readonly string[]
}

export type Program = keyof typeof programs

const programs = {
  etcd: { module: 'kubernetes', package: 'go.etcd.io/etcd/server/v3' },
  'kube-apiserver': { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  'kube-controller-manager': { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  'kube-scheduler': { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  kubectl: { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl' },
  kubelet: { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubelet' },
  kwok: { module: 'kubernetes', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  karpenter: { module: 'karpenter', package: 'github.com/aws/karpenter-provider-aws/cmd/controller' },
} as const

/** Besides the one that most tests run on. */
const newestKarpenter = { karpenter: { ...programs.karpenter, module: 'karpenter-newest' } }
const charts = {
  helm: { module: 'charts', package: 'helm.sh/helm/v4/cmd/helm' },
  kustomize: { module: 'charts', package: 'sigs.k8s.io/kustomize/kustomize/v5' },
} as const

const crdModules = ['sigs.k8s.io/karpenter', 'github.com/aws/karpenter-provider-aws']

/** Builds what the control plane is made of. The first build takes up to 15 minutes on two cores and 4.4 GiB of memory. */
export function buildParts(): Parts {
  const folder = buildPrograms({
    name: 'control-plane',
    root: import.meta.dirname,
    modules: ['kubernetes', 'karpenter'],
    programs,
    linked: (module) => (module === 'kubernetes' ? kubernetesVersion() : []),
    complete: (building, go) => copyCrds('karpenter', building, go),
  })
  return { program: (name) => join(folder, 'bin', name), crds: crdsIn(folder) }
}

/** The same parts with the newest Karpenter that the module proxy serves whole. The first build takes up to 10 minutes more. */
export function buildPartsWithNewestKarpenter(): Parts {
  const others = buildParts()
  const folder = buildPrograms({
    name: 'karpenter-newest',
    root: import.meta.dirname,
    modules: ['karpenter-newest'],
    programs: newestKarpenter,
    toolchain: 'go1.27.3',
    complete: (building, go) => copyCrds('karpenter-newest', building, go),
  })
  return { program: (name) => (name === 'karpenter' ? join(folder, 'bin', name) : others.program(name)), crds: crdsIn(folder) }
}

/** Helm and kustomize. @returns the folder that they are in, for a PATH */
export function buildChartTools(): string {
  return join(buildPrograms({ name: 'charts', root: import.meta.dirname, modules: ['charts'], programs: charts }), 'bin')
}

function crdsIn(folder: string): readonly string[] {
  const crds = join(folder, 'crds')
  return readdirSync(crds)
    .toSorted()
    .map((file) => join(crds, file))
}

function copyCrds(from: string, folder: string, go: Go): void {
  for (const module of crdModules) {
    const crds = join(go(from, ['list', '-m', '-f', '{{.Dir}}', module], 'pipe').trim(), 'pkg/apis/crds')
    for (const file of readdirSync(crds)) if (file.endsWith('.yaml')) cpSync(join(crds, file), join(folder, 'crds', file))
  }
}

/** Sources do not know their own version: the linker writes it into a release (hack/lib/version.sh of Kubernetes). */
function kubernetesVersion(): readonly string[] {
  const modules = readFileSync(join(import.meta.dirname, 'kubernetes/go.mod'), 'utf8')
  const [version = '', major = '', minor = ''] = /\tk8s\.io\/kubernetes v(\d+)\.(\d+)\.\d+/.exec(modules) ?? []
  const values = { gitVersion: version.split(' ')[1] ?? '', gitMajor: major, gitMinor: minor }
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((place) =>
    Object.entries(values).map(([name, value]) => `-X ${place}.${name}=${value}`),
  )
}

if (import.meta.main) {
  buildPartsWithNewestKarpenter()
  buildChartTools()
}

import { join } from 'node:path'
import { buildPrograms } from '../build-programs.ts'

const source = 'github.com/containerd/containerd/v2/cmd'

/** Builds containerd, its shim and `ctr`, of a release that current Bottlerocket has. @returns the folder with the three programs */
export function buildContainerd(): string {
  const folder = buildPrograms({
    name: 'containerd',
    root: import.meta.dirname,
    modules: ['containerd'],
    programs: {
      containerd: { module: 'containerd', package: `${source}/containerd` },
      'containerd-shim-runc-v2': { module: 'containerd', package: `${source}/containerd-shim-runc-v2` },
      ctr: { module: 'containerd', package: `${source}/ctr` },
    },
    linked: () => ['-X github.com/containerd/containerd/v2/version.Version=2.2.9+unknown'],
  })
  return join(folder, 'bin')
}

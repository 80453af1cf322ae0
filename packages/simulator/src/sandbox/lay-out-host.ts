import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { constants } from 'node:fs'
import { join } from 'node:path'

/** Folders of the data volume, which a Bottlerocket host mounts as /local. */
const dataFolders = [
  'mnt',
  'opt',
  'var/lib/containerd',
  'var/lib/host-containerd/admin-tmp',
  'var/lib/kubelet',
  'var/lib/systemd',
  'var/log/journal/5d1f3c',
  'host-containers/admin',
  'host-containers/control/ssm',
  'bootstrap-containers',
]

export interface HostLayout {
  /** `1.57.0`. */
  readonly bottlerocketVersion: string
  /** A copied data volume to start from. */
  readonly fromVolume?: string
}

/** Copies a data volume; as cheap as the file system allows, and without following links. */
export async function copyVolume(from: string, to: string, attempts = 5): Promise<void> {
  try {
    await cp(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  } catch (error) {
    // A process of the host has deleted a file between the listing of its folder and its copy.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempts === 1) throw error
    await rm(to, { recursive: true, force: true })
    await copyVolume(from, to, attempts - 1)
  }
}

/** Makes the folders and files of a Bottlerocket host that the scripts look at. `/mnt`, `/var` and `/opt` lead to the data volume, as on a real one. */
export async function layOutHost(root: string, { bottlerocketVersion, fromVolume }: HostLayout): Promise<void> {
  const data = join(root, 'local')
  await mkdir(root, { recursive: true })
  if (fromVolume !== undefined) await copyVolume(fromVolume, data)
  for (const folder of dataFolders) await mkdir(join(data, folder), { recursive: true })
  for (const name of ['mnt', 'var', 'opt']) await symlink(`local/${name}`, join(root, name))
  await writeFile(join(data, 'var/log/journal/5d1f3c/system.journal'), `boot of Bottlerocket ${bottlerocketVersion}\n`)
  await writeFile(join(data, 'var/lib/systemd/random-seed'), 'seed')

  await mkdir(join(root, 'etc/containerd'), { recursive: true })
  await writeFile(join(root, 'etc/os-release'), osRelease(bottlerocketVersion))
  await writeFile(join(root, 'etc/containerd/config.toml'), '[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "overlayfs"\n')
}

function osRelease(version: string): string {
  return [
    'NAME=Bottlerocket',
    'ID=bottlerocket',
    `VERSION="${version} (aws-k8s-1.33)"`,
    `PRETTY_NAME="Bottlerocket OS ${version} (aws-k8s-1.33)"`,
    'VARIANT_ID=aws-k8s-1.33',
    `VERSION_ID=${version}`,
    'BUILD_ID=b1e29d64',
    '',
  ].join('\n')
}

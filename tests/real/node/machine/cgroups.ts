import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'

const root = '/sys/fs/cgroup'
const prefix = 'prebake-node-'

/** The hierarchies of this machine: one (cgroup v2), or one for each controller (v1). */
function hierarchies(): readonly string[] {
  if (existsSync(join(root, 'cgroup.controllers'))) return [root]
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => existsSync(join(path, 'cgroup.procs')))
}

/** Makes a node's cgroup in each hierarchy. @returns its path as the kubelet's `cgroupRoot` names it */
export function makeCgroup(node: string): string {
  for (const hierarchy of hierarchies()) mkdirSync(join(hierarchy, `${prefix}${node}`), { recursive: true })
  return `/${prefix}${node}`
}

/** Paths of all nodes' cgroups. */
export function nodeCgroups(): readonly string[] {
  return hierarchies().flatMap((hierarchy) =>
    readdirSync(hierarchy)
      .filter((name) => name.startsWith(prefix))
      .map((name) => join(hierarchy, name)),
  )
}

/** Removes the cgroups of all nodes that no process is in any more. Those of nodes that run stay. */
export function removeCgroups(): void {
  for (const cgroup of nodeCgroups()) removeEmpty(cgroup)
}

/** A cgroup's files go with it, and one with a process in it, or below it, is refused. */
function removeEmpty(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(folder, entry.name))
  if (readFileSync(join(folder, 'cgroup.procs'), 'utf8') !== '') return
  try {
    rmdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error
  }
}

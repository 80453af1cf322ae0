import { textAt } from '@prebake/manifests'
import type { Located } from './located.ts'

/** Bottlerocket's user data, without its comments. */
function settingsOf({ object }: Pick<Located, 'object'>): string {
  return (textAt(object, 'spec.userData') ?? '').replaceAll(/^\s*#.*$/gm, '')
}

/** The snapshotter that the settings choose; undefined where they leave the default. */
export function snapshotterOf(nodeClass: Pick<Located, 'object'>): string | undefined {
  return /(?:^|[.{,\s])snapshotter\s*=\s*["']([^"']+)["']/.exec(settingsOf(nodeClass))?.[1]
}

/**
 * Folders over which a bootstrap command mounts the instance store: `apiclient ephemeral-storage bind --dirs …` (Bottlerocket, "Ephemeral storage").
 */
export function boundFolders(nodeClass: Pick<Located, 'object'>): readonly string[] {
  const commands = settingsOf(nodeClass).matchAll(/["']ephemeral-storage["']\s*,\s*["']bind["']([^\]]*)/g)
  return [...commands].flatMap(([, rest = '']) => {
    const words = [...rest.matchAll(/["']([^"']*)["']/g)].map(([, word = '']) => word)
    const dirs = words.indexOf('--dirs')
    return dirs < 0 ? [] : words.slice(dirs + 1).filter((word) => !word.startsWith('-'))
  })
}

/** Containers that run as root before the kubelet starts, and may mount anything. */
export function bootstrapContainers(nodeClass: Pick<Located, 'object'>): readonly string[] {
  const tables = settingsOf(nodeClass).matchAll(/settings\.bootstrap-containers\.["']?([\w-]+)/g)
  return [...new Set([...tables].map(([, name = '']) => name))]
}

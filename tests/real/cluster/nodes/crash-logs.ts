import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a container that crashes has written, line for line: more than anybody wants to read in a message. */
export const crashLines: readonly string[] = [
  ...Array.from({ length: 60 }, (_, index) => `INFO loading part ${index + 1} of the model`),
  'RuntimeError: CUDA error: no kernel image is available for execution on the device',
]

/**
 * kwok's configuration of logs: every container's last run, the one before a crash, has written the lines; the run that is there has written nothing yet.
 * @param folder in which the logs are kept, as containerd writes them
 */
export function crashLogs(folder: string): readonly object[] {
  const file = (name: string, lines: readonly string[]) => {
    const path = join(folder, name)
    writeFileSync(path, lines.map((line) => `2026-10-01T00:00:00.000000000Z stdout F ${line}\n`).join(''))
    return path
  }
  const logs = [{ logsFile: file('running.log', []), previousLogsFile: file('crashed.log', crashLines) }]
  return [{ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'ClusterLogs', metadata: { name: 'logs' }, spec: { logs } }]
}

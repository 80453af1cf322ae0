import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { World } from './start-world.ts'

/** Types a line as a user does, in a terminal and with the real kubectl. @returns what it showed; a command that goes on is interrupted after `seconds` */
export function openTerminal({ folder, kubectl, plane }: World): (line: string, seconds?: number) => Promise<string> {
  const kubeconfig = join(folder, 'administrator.json')
  writeFileSync(kubeconfig, plane.kubeconfig)
  const env = { PATH: `${dirname(kubectl)}:${process.env['PATH']}`, HOME: folder, KUBECONFIG: kubeconfig, TERM: 'dumb', COLUMNS: '200' }
  return (line, seconds = 60) =>
    new Promise((resolve) => {
      // `script` gives it a terminal, which `kubectl exec -it` asks for.
      execFile(
        'timeout',
        ['-s', 'INT', String(seconds), 'script', '-qec', line, '/dev/null'],
        { env, maxBuffer: 2 ** 24 },
        (_, stdout, stderr) => resolve(`${stdout}${stderr}`.replaceAll('\r', '')),
      )
    })
}

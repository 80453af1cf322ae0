/** `pnpm simulator`: AWS, a cluster, a model hub, a registry and GitHub on this machine, for whoever writes workflows or programs of their own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '@prebake/kernel'
import { startSimulator } from '@prebake/simulator'
import type { TerminalErrorCode } from './src/error-codes.ts'
import { runProgram } from './src/run/run-program.ts'

await runProgram({
  name: 'simulator',
  about:
    'Starts simulated AWS, EKS, Hugging Face, registry and GitHub on 127.0.0.1, prints the environment to use them, and runs until Ctrl-C.',
  options: { rate: { type: 'string' }, seed: { type: 'string' }, folder: { type: 'string' } },
  explain: {
    rate: 'How many times as fast as real time simulated time passes at most; on a slow machine it is less. Default: 60.',
    seed: 'Repeats the delays of an earlier run. Default: 1.',
    folder: 'Where the kubeconfig, the environment and the journal of requests are written. Default: out/simulator.',
  },
  async work({ rate = '60', seed = '1', folder = 'out/simulator' }, { signal, terminal, folder: here }) {
    const target = join(here, folder)
    mkdirSync(target, { recursive: true })
    const simulator = await startSimulator({
      rate: positive('rate', rate),
      seed: positive('seed', seed),
      journalFile: join(target, 'requests.jsonl'),
    })
    const kubeconfig = join(target, 'kubeconfig')
    writeFileSync(kubeconfig, simulator.kubeconfig, { mode: 0o600 })
    const environment = { ...simulator.environment, KUBECONFIG: kubeconfig }
    const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)
    writeFileSync(join(target, 'environment'), `${lines.join('\n')}\n`)
    const { images, 'instance-profile': profile } = simulator.demoInputs
    terminal.write(
      [
        ...lines,
        '',
        `# The same lines: . ${join(folder, 'environment')}`,
        `# EKS cluster: ${simulator.clusterName}    instance profile: ${profile}    image: ${images}`,
        `# GitHub token that may write variables: ${simulator.variableToken}    without that permission: ${simulator.githubToken}`,
        `# Every request: ${join(folder, 'requests.jsonl')}`,
        '# Try it in another terminal: npx pnpm@12 optimize-vllm --yes \\',
        `#   --cluster-name ${simulator.clusterName} --node-role node --build images=${images}`,
        '# Ready. Ctrl-C ends it.',
        '',
      ].join('\n'),
    )
    try {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    } finally {
      await simulator.stop()
    }
  },
})

function positive(name: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  const code = 'option-malformed' satisfies TerminalErrorCode
  throw new InputError([{ code, input: `--${name}`, wrong: `\`${text}\` is not a positive number.`, remedy: 'Give a number such as 60.' }])
}

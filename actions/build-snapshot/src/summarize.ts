import type { BuildResult } from '@prebake/snapshot'

/** The job summary as markdown: the verdict first, then the content of the snapshot. */
export function summarize(
  result: BuildResult,
  run: { readonly seconds: number; readonly volumeSizeGiB: number; readonly simulated: boolean },
): string {
  const { snapshotId, reused, modelPath, plan, record } = result
  const { recipe, fingerprint, selection } = plan
  const modelBytes = recipe.files.reduce((sum, { size }) => sum + size, 0)
  const verdict = reused
    ? `**${snapshotId}** already existed: verified, with the same content.`
    : `**${snapshotId}** was baked in ${Math.round(run.seconds / 60)} ${run.simulated ? 'simulated minutes, not measured on AWS' : 'min'}.`
  const rows = [
    ['Model', `\`${recipe.model}\` at \`${recipe.commit}\`, ${recipe.files.length} files, ${(modelBytes / 1e9).toFixed(2)} GB`],
    ...recipe.images.map(({ name, tag, digest }) => ['Image', `\`${name}${tag ? `:${tag}` : ''}\` \`${digest}\``]),
    ['For pods', `\`${modelPath}\``],
    [
      'Written by',
      `Bottlerocket ${record?.bottlerocket ?? 'unknown'}, ${recipe.architecture}, containerd ${record?.containerd ?? 'unknown'}`,
    ],
    ['Volume', `${run.volumeSizeGiB} GiB`],
    ['Fingerprint', `\`${fingerprint}\``],
  ]
  const files = recipe.files.map(({ path, size, digest }) => `| \`${path}\` | ${size} | \`${digest.algorithm}:${digest.hex}\` |`)
  return [
    '## Model snapshot',
    '',
    verdict,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([title, value]) => `| ${title} | ${value} |`),
    '',
    ...selection.notes.flatMap(({ level, text }) => [level === 'warning' ? `> [!WARNING]\n> ${text}` : text, '']),
    `<details><summary>${files.length} model files</summary>`,
    '',
    '| file | bytes | digest |',
    '|---|---:|---|',
    ...files,
    '',
    '</details>',
    '',
  ].join('\n')
}

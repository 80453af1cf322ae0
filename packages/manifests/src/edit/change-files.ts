import type { Manifest, ManifestFile } from '../manifest.ts'
import { objectsOf } from '../read/objects-of.ts'
import { parseYaml } from '../read/parse-yaml.ts'
import { formatDiff } from './format-diff.ts'
import { applyEdits } from './text-edit.ts'
import { createYamlEditor, type FieldPath, type YamlEditor } from './yaml-editor.ts'

/** One field that is set, or taken out where the value is undefined. */
export interface FieldChange {
  readonly manifest: Manifest
  readonly path: FieldPath
  readonly value: unknown
}

export interface ChangedFiles {
  /** In unified format; empty without changes. */
  readonly diff: string
  /** All files, as they are with the changes. */
  readonly files: readonly ManifestFile[]
}

/** Makes changes in the files that the manifests were read from. Everything else stays as it is written: comments, order, quotes and placeholders. */
export function changeFiles(files: readonly ManifestFile[], changes: readonly FieldChange[]): ChangedFiles {
  const written = files.map(({ path, text }) => {
    const own = changes.filter(({ manifest }) => manifest.file === path)
    if (own.length === 0) return { path, text, diff: '' }
    const edits = editorsOf(path, text, own).flatMap((editor) => editor.edits)
    const changed = applyEdits(text, edits)
    return { path, text: changed, diff: formatDiff(path, text, changed) }
  })
  return { diff: written.map(({ diff }) => diff).join(''), files: written.map(({ path, text }) => ({ path, text })) }
}

/** One for each document, with the changes of its objects made. */
function editorsOf(path: string, text: string, changes: readonly FieldChange[]): readonly YamlEditor[] {
  return parseYaml(path, text).map((parsed) => {
    const editor = createYamlEditor(parsed.content, text)
    const read = parsed.toValue()
    for (const object of 'value' in read ? objectsOf(read.value) : []) {
      const line = parsed.lineOf(object.path)
      for (const change of changes.filter(({ manifest }) => manifest.line === line)) {
        const at = [...object.path, ...change.path]
        if (change.value === undefined) editor.remove(at)
        else editor.set(at, change.value)
      }
    }
    return editor
  })
}

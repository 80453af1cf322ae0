import type { ModelFile } from '../ports/model-hub.ts'

/** How the tensors of a set of weights are named: as Hugging Face's transformers name them, or as Mistral's own code does. */
export type WeightFormat = 'hf' | 'mistral'

/** What the user may decide about the files. */
export interface FileChoice {
  /** Which set of weights to take where a repository holds both. Default: `auto`. */
  readonly format?: WeightFormat | 'auto'
  /** Glob patterns over the paths in the repository: files to bake as well or, after `!`, to leave out. */
  readonly patterns?: readonly string[]
}

/** One line for the plan and the job summary. A warning is something that the user should look at before rolling out. */
export interface Note {
  readonly level: 'info' | 'warning'
  readonly text: string
}

/** The files of a model that are baked. */
export interface Selection {
  /** In the order of their paths. */
  readonly files: readonly ModelFile[]
  readonly format: WeightFormat
  /** What was chosen and what was left out, where that is not obvious. */
  readonly notes: readonly Note[]
}

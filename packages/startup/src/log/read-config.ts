/** What is read of the configuration in the engine's first line: `model='…', …, enforce_eager=False, …, compilation_config={…}`. */
export interface EngineConfig {
  readonly model: string | undefined
  readonly eager: boolean
  readonly compiles: boolean
}

/**
 * `mode` (0.12 and later) or `level`: 0 compiles nothing, also without enforce_eager, as -O0 has it. Python prints an enumeration's member
 * (`<CompilationMode.NONE: 0>`), the releases to 0.10 print JSON.
 */
const compilesNothing = /['"](?:mode|level)['"]: ?(?:<CompilationMode\.NONE: 0>|0\b)/

export function readConfig(config: string): EngineConfig {
  const eager = /\benforce_eager=True\b/.test(config)
  const at = config.indexOf('compilation_config=')
  const compilation = at === -1 ? '' : config.slice(at)
  // Python quotes a path that has an apostrophe with double quotes.
  const [, single, double] = /\bmodel=(?:'([^']+)'|"([^"]+)")/.exec(config) ?? []
  return { model: single ?? double, eager, compiles: !eager && !compilesNothing.test(compilation) }
}

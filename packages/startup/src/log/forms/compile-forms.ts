import { seconds, type CompileWord, type VllmForm } from '../vllm-form.ts'

const compile = (word: CompileWord) => ({ kind: 'compile', word }) as const

/** torch.compile and its cache. From 0.32 on, a tag names the compiled part: `[backbone] `. */
export const compileForms: readonly VllmForm[] = [
  { says: 'Starting torch.compile', means: compile('begins'), releases: '0.32–0.33', source: 'compilation/monitor.py' },
  {
    says: 'Warming up model for the compilation...',
    means: compile('begins'),
    releases: '0.9–0.33 on CPU',
    source: 'v1/worker/cpu_model_runner.py',
  },
  {
    says: 'Warming up done.',
    means: compile('warm-up done'),
    releases: '0.9–0.33 on CPU',
    source: 'v1/worker/cpu_model_runner.py',
  },
  {
    says: 'Using cache directory: ',
    rest: /(?<path>.+?) for vLLM's torch\.compile/y,
    means: compile('cache folder'),
    releases: '0.8–0.33',
    source: 'compilation/backends.py',
  },
  {
    says: "vLLM's torch.compile cache is disabled.",
    means: compile('cache disabled'),
    releases: '0.8–0.33',
    source: 'compilation/backends.py',
  },
  {
    says: 'Dynamo bytecode transform time: ',
    rest: seconds,
    means: compile('dynamo'),
    releases: '0.8–0.33',
    source: 'compilation/backends.py',
  },
  {
    // Logged for a graph that was compiled, not found.
    says: 'Cache the graph ',
    rest: /.*for later use/y,
    means: compile('compiled'),
    releases: '0.8–0.33',
    source: 'compilation/backends.py',
  },
  {
    says: 'Compiling a graph for ',
    rest: /.+? takes (?<seconds>[\d.]+) s/y,
    means: compile('compiled'),
    releases: '0.8–0.33: for general shape, dynamic shape, shape N, compile range (a, b)',
    source: 'compilation/backends.py',
  },
  {
    says: 'Directly load the compiled graph',
    rest: /.*? from the cache(?:, took (?<seconds>[\d.]+) s)?/y,
    means: compile('loaded graph'),
    releases: '0.8–0.33',
    source: 'compilation/backends.py',
  },
  {
    says: 'Directly load AOT compilation from path ',
    rest: /(?<path>.+)/y,
    means: compile('loaded model'),
    releases: '0.11–0.33',
    source: 'compilation/decorators.py',
  },
  {
    says: 'Compiling model again due to a load failure from ',
    rest: /(?<path>.+?), reason: (?<reason>.*)/y,
    means: compile('rejected'),
    releases: '0.17–0.33',
    source: 'compilation/decorators.py: only where a file was there',
  },
  {
    says: 'Cannot load aot compilation from path ',
    rest: /(?<path>.+?), error: (?<reason>.*)/y,
    means: compile('rejected'),
    releases: '0.11–0.15',
    source: 'compilation/decorators.py: only where a file was there',
  },
  {
    // Up to 0.17 after the total.
    says: 'saving AOT compiled function to ',
    means: compile('saving'),
    releases: '0.15–0.17',
    source: 'compilation/decorators.py',
  },
  {
    says: 'saved AOT compiled function to ',
    rest: /(?<path>.+)/y,
    means: compile('saved'),
    releases: '0.15–0.33',
    source: 'compilation/decorators.py',
  },
  {
    says: 'unable to save AOT compiled function to ',
    rest: /(?<path>.+?): (?<reason>.*)/y,
    means: compile('not saved'),
    releases: '0.15–0.33',
    source: 'compilation/decorators.py',
  },
  {
    says: 'Cannot save aot compilation to path ',
    rest: /(?<path>.+?), error: (?<reason>.*)/y,
    means: compile('not saved'),
    releases: '0.11–0.14',
    source: 'compilation/decorators.py',
  },
  ...['torch.compile takes ', 'torch.compile took '].map((says) => ({
    says,
    rest: /(?<seconds>[\d.]+) s in total/y,
    means: compile('total'),
    releases: says.includes('takes') ? '0.8–0.17' : '0.19–0.33',
    source: 'compilation/monitor.py',
  })),
  {
    says: 'torch.compile and initial profiling',
    rest: /.*? took (?<seconds>[\d.]+) s in total/y,
    means: compile('total with profiling'),
    releases: '0.16–0.17, "run took"; 0.19–0.33 without AOT, "/warmup run together took"',
    source: 'compilation/monitor.py, decorators.py',
  },
  {
    says: 'Initial profiling/warmup run took ',
    rest: seconds,
    means: { kind: 'took', doing: { phase: 'kv.profile', step: 'first run' } },
    releases: '0.19–0.33',
    source: 'compilation/monitor.py',
  },
]

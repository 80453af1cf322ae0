import type { LogLine } from '../cluster.ts'
import type { ServeArguments } from '../vllm/serve-arguments.ts'

/** How a container's process ends, as containerd says it. */
export interface ProcessEnd {
  readonly exitCode: number
  readonly reason: 'Completed' | 'Error' | 'OOMKilled'
}

/** One run of a container's first process, planned whole when it starts. Times in milliseconds since 1970. */
export interface Program {
  readonly lines: readonly LogLine[]
  /** What listens; undefined: nothing ever does. */
  readonly server?: {
    readonly servingAt: number
    /** Undefined: every port. */
    readonly port?: number
    /** Of the answer to a GET. */
    readonly status: (path: string) => number
  }
  /** Ends by itself; undefined: it runs until it is stopped. */
  readonly end?: ProcessEnd & { readonly at: number }
  /** From then on SIGTERM ends it; undefined: SIGKILL alone does. */
  readonly hearsTermFrom?: number
  readonly vllm?: ServeArguments
}

/** What the kernel does to a process that wants more memory than its cgroup may have. */
export const outOfMemory: ProcessEnd = { exitCode: 137, reason: 'OOMKilled' }

/** A pod's OpenAI-compatible server, reached where no Service leads. */
export interface ServedPod {
  readonly name: string
  readonly namespace: string
  /** Of its container. */
  readonly port: number
}

export interface CompletionRequest {
  /** As `models` names it. */
  readonly model: string
  readonly prompt: string
  readonly maxTokens: number
}

/** When a streamed completion was asked for and when its first token came, both on the runner's clock. */
export interface StreamedCompletion {
  readonly sentAt: Date
  readonly firstTokenAt: Date
}

/** Asks a single pod for completions. Its errors say what kept the pod from answering. */
export interface Completions {
  /** The models that the server offers (`/v1/models`). @throws PrebakeError */
  models(pod: ServedPod, signal: AbortSignal): Promise<readonly string[]>
  /** One completion (`/v1/completions`), streamed, read to its end. @throws PrebakeError */
  stream(pod: ServedPod, request: CompletionRequest, signal: AbortSignal): Promise<StreamedCompletion>
}

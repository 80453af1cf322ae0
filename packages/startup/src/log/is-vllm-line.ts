/** vLLM's own header: `INFO 05-09 22:19:49 [core.py:58]`, any prefix before it; and its loggers' names in any other: `"name": "vllm.v1.engine.core"`. */
const ownHeader = /(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \d\d[-/]\d\d \d\d:\d\d:\d\d [\w[]/
const ownLogger = /["\s|[(]vllm(?:\.\w+)*["\s|:\])]/
const anyLevel = /\b(?:debug|info|warn|warning|error|critical)\b/i

/** Whether one of vLLM's loggers wrote a line, in whatever format: the image's entry point, libraries and sidecars speak before Python has imported vLLM. */
export function isVllmLine(text: string): boolean {
  return ownHeader.test(text) || (ownLogger.test(text) && anyLevel.test(text))
}

/** Whether the words before a message are those of a logger. */
export function hasLevel(header: string): boolean {
  return anyLevel.test(header)
}

/** vLLM's own header, with any prefix: `INFO 05-09 22:19:49 [core.py:58]`; the user's date format may have a year, or no date. */
const ownHeader = /(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) (?:(?:\d{4}[-/])?\d\d[-/]\d\d[ T])?\d\d:\d\d:\d\d\S* \[?[\w./]{1,80}:\d+\]/
/** Its loggers' names, in any other format: `"name": "vllm.v1.engine.core"`. */
const ownLogger = /["\s|[(:=]vllm(?:\.\w+)*["\s|:\])]/
const anyLevel = /\b(?:debug|info|warn|warning|error|critical)\b/i

/** Whether one of vLLM's loggers wrote a line, in any format. Entry points and libraries log before Python has imported vLLM. */
export function isVllmLine(text: string): boolean {
  return ownHeader.test(text) || (ownLogger.test(text) && anyLevel.test(text))
}

/** Whether a header has a log level. */
export function hasLevel(header: string): boolean {
  return anyLevel.test(header)
}

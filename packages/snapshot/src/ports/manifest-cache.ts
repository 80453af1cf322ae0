/** Texts that one run leaves for later ones, by a key that says all that determines them. An entry may be gone at any time, and anyone may have written it. */
export interface ManifestCache {
  /** Undefined when there is no entry, or no cache. Never throws but on a cancel: without an entry the build goes on. */
  restore(key: string, signal: AbortSignal): Promise<string | undefined>
  /** Keeps what is there already. Never throws but on a cancel. */
  save(key: string, text: string, signal: AbortSignal): Promise<void>
}

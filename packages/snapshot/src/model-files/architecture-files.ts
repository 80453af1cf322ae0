/**
 * What single architectures read besides what every model is read from, or in place of it. From vLLM's own code, 0.33 where nothing else is said.
 */

/** Weights that do not lie at the top of the repository as safetensors (`allow_patterns_overrides`). */
const ownWeights: Readonly<Record<string, RegExp>> = {
  Cosmos3ForConditionalGeneration: /^(transformer|vision_encoder)\/[^/]+\.safetensors$/,
  Cosmos3EdgeForConditionalGeneration: /^(transformer|vision_encoder)\/[^/]+\.safetensors$/,
  FlintForCausalLM: /^[^/]+\.gguf$/,
}

/** Folders with a component of the model. */
const ownFolders: Readonly<Record<string, readonly string[]>> = {
  FunAudioChatForConditionalGeneration: ['speech_tokenizer'],
  MiMoV2OmniForCausalLM: ['audio_tokenizer'],
  MoonshotKimiaForCausalLM: ['whisper-large-v3'],
}

/** Read in Mistral's format only: voxtral.py knows no other tensor names (0.11 to 0.33). */
const mistralOnly = new Set(['VoxtralForConditionalGeneration', 'VoxtralRealtimeForConditionalGeneration', 'VoxtralRealtimeGeneration'])

export const weightsOf = (architectures: readonly string[], paths: readonly string[]): readonly string[] =>
  paths.filter((path) => architectures.some((name) => ownWeights[name]?.test(path)))

export const foldersOf = (architectures: readonly string[]): readonly string[] => architectures.flatMap((name) => ownFolders[name] ?? [])

export const needsMistralFormat = (architectures: readonly string[]): string | undefined =>
  architectures.find((name) => mistralOnly.has(name))

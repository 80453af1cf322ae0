import type { TextRule } from './text-rule.ts'

const rule = (
  id: string,
  pattern: RegExp,
  cause: string,
  remedy: string,
  check: string,
  source: string,
  kinds: TextRule['kinds'] = ['log'],
): TextRule => ({
  id,
  symptom: 'slow',
  kinds,
  pattern,
  cause,
  remedy,
  check,
  source,
})

const logs = 'kubectl logs deployment/NAME --timestamps'

export const slowRules: readonly TextRule[] = [
  rule(
    'weights-downloaded',
    /Time spent downloading weights|Downloading shards|Fetching \d+ files:\s+\d{1,2}%/,
    'vLLM downloaded the weights, which a snapshot can have.',
    'Roll a snapshot out with the model on it. Where there is one, serve the path of its folder (`MODEL_PATH`) and set `HF_HUB_OFFLINE=1`: a download is then an error instead of minutes.',
    logs,
    'vllm-project/vllm model_loader/weight_utils.py',
  ),
  rule(
    'compile-cache-missed',
    /Compiling a graph for .* takes [\d.]+ s/,
    'vLLM compiled the model again: its compile cache is empty, or belongs to another GPU, image or set of arguments.',
    'Keep `VLLM_CACHE_ROOT` on a writable hostPath for each image digest; `VLLM_FORCE_AOT_LOAD=1` turns a miss into an error.',
    logs,
    'vllm-project/vllm compilation/backends.py',
  ),
  rule(
    'two-weight-formats',
    /consolidated[-\w.]*\.safetensors.*model-0|load_format=mistral.*(?:download|Fetching)|Found both .*consolidated/i,
    'Two sets of the same weights lie in the folder, and both are read.',
    'Build again: build-snapshot bakes one set. Give `--load-format`, `--config-format` and `--tokenizer-mode` explicitly.',
    'kubectl exec -it deployment/NAME -- ls -la /mnt/models/hf-cache/hub/*/snapshots/*',
    'vllm-project/vllm#40765; the words are believed',
  ),
]

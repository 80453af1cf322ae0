import type { ModelFile } from '../ports/model-hub.ts'
import { isHead } from './weight-formats.ts'

/**
 * - `companion`: configuration, tokenizer, template, code or another small file that may be read at the start;
 * - `other weights`: the model once more in a format that is not baked;
 * - `unread`: documentation, media, what a training left behind;
 * - `large`: none of these, and too large to bake on suspicion.
 */
export type FileKind = 'companion' | 'other weights' | 'unread' | 'large'

/** Files of an unknown kind are baked up to this size, in bytes: the largest that vLLM is known to load by name has 2 MB (`colbert_linear.pt`). */
const smallBytes = 16 * 2 ** 20

const unreadNames =
  /^(\.|(readme|licen[cs]e|notice|copying|citation|changelog|contributing|model_?card|[\w-]*policy\b)(?!.*\.(py|json|jinja)$))/i
const unreadEndings =
  /\.(md|rst|pdf|html?|docx?|pptx?|png|jpe?g|gif|webp|svg|bmp|ico|mp[34]|wav|flac|ogg|webm|mov|avi|ipynb|parquet|arrow|log|zip|7z|rar|tar|t?gz|bz2|xz|zst|whl)$/i
const trainingState = /^(optimizer|scheduler|scaler|rng_state|random_states|training_args|trainer_state|zero_|events\.out)/
const otherFormats =
  /\.(gguf|ggml|onnx|onnx[._]data|h5|hdf5|msgpack|ot|tflite|mlmodel|mlpackage|nemo|ckpt|engine|plan|pkl|llamafile|imatrix)$|^(openvino|model)[\w.-]*\.xml$/i
const pickled = /\.(bin|pth?)$/
const pickledModels = /^(pytorch_model|model|consolidated|openvino_model|diffusion_pytorch_model)/
const indexes = /\.index(\.\w+)?\.json$/
/** Tokenizers reach tens of MB, and code and configuration are never weights: these are taken at any size. */
const anySize = /\.(json|txt|jinja|py|model(\.v\d\w*)?|tiktoken|vocab|spm|bpe)$/

/** Judges a file by name and size, whichever folder it lies in; not for safetensors, which are chosen as a set. */
export function judgeFile({ path, size }: ModelFile): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (isHead(name)) return 'companion'
  if (trainingState.test(name) || unreadNames.test(name) || unreadEndings.test(name)) return 'unread'
  // An index without its files stops vLLM, or makes it load nothing. The one that fits comes with the weights.
  if (indexes.test(name)) return 'unread'
  if (otherFormats.test(name) || (pickled.test(name) && (pickledModels.test(name) || size > smallBytes))) return 'other weights'
  return anySize.test(name) || size <= smallBytes ? 'companion' : 'large'
}

/** Safetensors belong to a set of weights or to an adapter, except for the heads that are loaded by name. */
export const isSafetensors = (path: string): boolean => path.endsWith('.safetensors') && !isHead(path)

import type { TextRule } from './text-rule.ts'

const anywhere = ['event', 'status', 'log'] as const
const rule = (
  id: string,
  pattern: RegExp,
  cause: string,
  remedy: string,
  check: string,
  source: string,
  kinds: TextRule['kinds'] = anywhere,
): TextRule => ({ id, symptom: 'crashing', kinds, pattern, cause, remedy, check, source })

const logs = 'kubectl logs POD --previous --tail=50'
/** The guide's own. It reaches the container while one of its runs lasts, some ten seconds each. */
const look = 'kubectl exec -it deployment/NAME -- ls -la /mnt/models/hf-cache'

export const crashingRules: readonly TextRule[] = [
  rule(
    'model-folder-absent',
    /hostPath type check failed: \S+ is not a directory|hostPath type check failed/,
    'The folder that the pod mounts is not on the node’s data volume: the volume was not created from the snapshot, or the path is another.',
    'Check that the node’s EC2NodeClass has the snapshot for `/dev/xvdb`, and that the hostPath is `/mnt/models`.',
    'kubectl describe pod POD',
    'kubernetes pkg/volume/hostpath/host_path.go',
  ),
  rule(
    'service-link-port',
    /VLLM_PORT.{0,80}(?:URI|tcp:\/\/)|invalid literal for int\(\) with base 10: 'tcp:\/\//,
    'A Service named `vllm` puts `VLLM_PORT=tcp://…` into the pod, which vLLM takes for its own variable.',
    'Set `enableServiceLinks: false` in the pod template, or rename the Service.',
    "kubectl get services; kubectl get deployment NAME -o jsonpath='{.spec.template.spec.enableServiceLinks}'",
    'vllm-project/vllm vllm/envs.py; #18209',
  ),
  rule(
    'out-of-gpu-memory',
    /CUDA out of memory|OutOfMemoryError|No available memory for the cache blocks|can be stored in KV cache|Free memory on device .* is less than desired/,
    'The model, or its KV cache, does not fit into the memory of the GPU.',
    'Lower `--max-model-len` or raise `--gpu-memory-utilization`, take a quantized model, or an instance type with a larger GPU.',
    logs,
    'vllm-project/vllm v1/core/kv_cache_utils.py, worker/gpu_worker.py; PyTorch',
  ),
  rule(
    'out-of-memory',
    /OOMKilled|exit code 137|Out of memory: Killed process/,
    'The kernel ended the container because its memory is used up.',
    'Raise `resources.limits.memory` (16Gi is the least for a 7B model), and give `/dev/shm` a size within it.',
    'kubectl describe pod POD',
    'kubelet: reason of a terminated container',
  ),
  rule(
    'download-while-offline',
    /LocalEntryNotFoundError|OfflineModeIsEnabled|offline mode is enabled|outgoing traffic has been disabled|couldn't connect to '?https:\/\/huggingface\.co/i,
    'vLLM looks for the model on the hub, but the pod is offline (`HF_HUB_OFFLINE=1`), and the cache does not have it under this name.',
    'Serve the path of the snapshot folder (`MODEL_PATH`) in place of the name, or set `HF_HOME` to the cache on the volume.',
    look,
    'huggingface_hub errors.py, constants.py',
  ),
  rule(
    'wrong-revision',
    /RevisionNotFoundError|is not a valid git identifier|models--[^\s'"]+\/snapshots\/[0-9a-f]{40}[^\n]*(?:No such file|does not exist|not found)|(?:Invalid repository ID or local directory|Repo id must be in the form)[^\n]*\/snapshots\/[0-9a-f]{7,40}/,
    'The commit in the path of the model is not the one that was baked.',
    'Leave `MODEL_PATH` to apply-manifests, which takes it from the snapshot’s tags.',
    'kubectl exec -it deployment/NAME -- ls /mnt/models/hf-cache/hub/*/snapshots',
    'Hugging Face cache layout; vllm-project/vllm transformers_utils/repo_utils.py',
  ),
  rule(
    'label-denied',
    /Permission denied|PermissionError/,
    'The container may not read a file: SELinux’ label of the volume, its owner, or a mount that is read-only.',
    'Check that the folder was baked by build-snapshot (it labels files `local_t` at `s0`), that caches lie on a writable mount, and that the pod runs as a user who may read them.',
    'kubectl exec -it deployment/NAME -- ls -laZ /mnt/models',
    'Python, SELinux on Bottlerocket (facts C5)',
  ),
  rule(
    'model-missing',
    /Invalid repository ID or local directory|Repo id must be in the form|does not appear to have a file|Cannot find any model weights|is not a local folder|No such file or directory: '?\/mnt\/models|AssertionError.*model/,
    'vLLM does not find the model at the path that it is given: the folder is empty, or another one.',
    'Compare the path in the arguments with the tag `prebake:model-path` of the snapshot.',
    look,
    'vllm-project/vllm, transformers',
  ),
  rule(
    'model-unreadable',
    /SafetensorError|Error while deserializing header|Input\/output error|Structure needs cleaning/i,
    'A file of the model on the volume cannot be read.',
    'Build the snapshot again with `rebuild: true`, and roll the former one out meanwhile.',
    logs,
    'safetensors; Linux',
  ),
  rule(
    'unsupported-gpu',
    /no kernel image is available|compute capability|is not supported on this GPU|Bfloat16 is only supported on GPUs/i,
    'The GPU is too old for this model, its data type or this image.',
    'Take `--dtype half`, another quantization, or an instance type with a newer GPU.',
    logs,
    'PyTorch; vllm-project/vllm platforms/cuda.py',
  ),
  rule(
    'bad-argument',
    /unrecognized arguments|error: argument |invalid choice:|error: the following arguments are required|ValidationError: \d+ validation error/,
    'vLLM does not know one of its arguments, or its value.',
    'Fix the argument; the arguments of a release are in `vllm serve --help` of its image.',
    logs,
    'argparse, pydantic',
    ['log'],
  ),
  rule(
    'image-broken',
    /failed to stat parent|missing parent ".*" bucket|failed to (?:mount|prepare|create) (?:rootfs|snapshot)|content digest \S+: not found|error unpacking image|failed to extract layer/,
    'containerd cannot make a container of the image on the node: what it has unpacked is not complete.',
    'Build the snapshot again with `rebuild: true`; on a node without a snapshot, remove the image and let it be pulled again.',
    'kubectl describe pod POD',
    'containerd CRI plugin and overlayfs snapshotter',
    ['event', 'status'],
  ),
  rule(
    'image-not-pulled',
    /ErrImagePull|ImagePullBackOff|ErrImageNeverPull|failed to pull and unpack image|failed to resolve reference|Failed to pull image/,
    'The image is not on the node, and cannot be pulled.',
    'Check its name and tag, the node role’s right to read the registry, and the way to it. An image that was baked is found only under the name that was baked.',
    'kubectl describe pod POD',
    'kubelet pkg/kubelet/images/image_manager.go; containerd',
  ),
]

import { fieldsOf, listAt, textAt } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { hostPathsOf, isBelow } from '../../subject/host-paths.ts'
import { podsOnSnapshots, serversOnSnapshots, type Server } from '../../subject/on-snapshots.ts'
import { rule, type Rule } from '../rule.ts'

/** Hidden from pods by an empty folder, and by SELinux (Bottlerocket). */
const hidden = ['/local/mnt', '/local/opt', '/local/var']
const unreadable = ['/local/host-containers', '/local/bootstrap-containers']

/** Variables that name a folder in which vLLM compiles: it fails where it cannot write. */
const compileCaches = ['VLLM_CACHE_ROOT', 'TRITON_CACHE_DIR', 'TORCHINDUCTOR_CACHE_DIR', 'FLASHINFER_WORKSPACE_BASE']
/** Variables that name a folder which only some models, or only statistics, need. */
const otherFolders = ['HOME', 'HF_MODULES_CACHE']

function readOnlyFolders(server: Server, names: readonly string[]): Flaw | undefined {
  const readOnly = listAt(server.fields, 'volumeMounts')
    .map(fieldsOf)
    .flatMap((mount) => (mount['readOnly'] === true ? (textAt(mount, 'mountPath') ?? []) : []))
  const lies = (path: string) => readOnly.some((folder) => isBelow(path, folder))
  const found = names.filter((name) => {
    const path = server.serve.environment(name)
    return typeof path === 'string' && lies(path)
  })
  if (found.length === 0) return undefined
  const problem = `${found.join(', ')} ${found.length > 1 ? 'point' : 'points'} below a read-only mount, and vLLM writes there.`
  return flaw(server, 'env', problem, 'Point it to a writable mount, such as /cache.')
}

/** Files that the container cannot read or write. */
export const unreadableFiles: readonly Rule[] = [
  rule({
    id: 'hidden-host-path',
    severity: 'error',
    about:
      'A hostPath that Bottlerocket hides from pods: below `/local/mnt`, `/local/opt` and `/local/var`, or in the folders of host containers.',
    each: (subject) => podsOnSnapshots(subject).flatMap(({ pod }) => hostPathsOf(pod)),
    judge: (volume) => {
      const { hostPath } = volume
      const masked = hidden.find((folder) => isBelow(hostPath, folder))
      if (masked !== undefined) {
        const problem = `Bottlerocket covers ${masked} with an empty folder; its content is at ${masked.replace('/local', '')}.`
        return flaw(volume, 'path', problem, `Set \`path: ${hostPath.replace('/local', '')}\`.`)
      }
      if (!unreadable.some((folder) => isBelow(hostPath, folder))) return undefined
      const problem = 'SELinux lets no pod read the folders of host and bootstrap containers.'
      return flaw(volume, 'path', problem, 'Bake into /mnt, and mount from there.')
    },
  }),
  rule({
    id: 'cache-on-read-only-mount',
    severity: 'error',
    about: 'A folder in which vLLM compiles is below a read-only mount.',
    each: serversOnSnapshots,
    judge: (server) => readOnlyFolders(server, compileCaches),
  }),
  rule({
    id: 'home-on-read-only-mount',
    severity: 'warning',
    about: '`HOME` or `HF_MODULES_CACHE` is below a read-only mount: models with code of their own fail.',
    each: serversOnSnapshots,
    judge: (server) => readOnlyFolders(server, otherFolders),
  }),
]

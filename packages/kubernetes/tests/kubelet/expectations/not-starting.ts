import { expect } from '@jest/globals'
import { conditionsOf, imageOf, said, unready, type Expectation } from './expectation.ts'

export const notStarting: readonly Expectation[] = [
  {
    scene: 'finds no image',
    what: 'what the kubelet says of an image that it cannot pull',
    see: ({ events }) => new Set(events.map(({ type, reason, message }) => `${type} ${reason} ${message.replace(/: failed to .*/, '')}`)),
    expected: (observed) =>
      new Set([
        `Normal Pulling Pulling image "${imageOf(observed)}"`,
        `Warning Failed Failed to pull image "${imageOf(observed)}"`,
        'Warning Failed Error: ErrImagePull',
        `Normal BackOff Back-off pulling image "${imageOf(observed)}"`,
        'Warning Failed Error: ImagePullBackOff',
      ]),
  },
  {
    scene: 'finds no image',
    what: 'why the container waits',
    see: ({ container }) => container?.state.waiting?.message,
    expected: (observed) => {
      const [problem = ''] = said(observed, 'Failed').filter((message) => message.startsWith('Failed to pull'))
      const words = problem.replace(`Failed to pull image "${imageOf(observed)}": `, '')
      return `Back-off pulling image "${imageOf(observed)}": ErrImagePull: ${words}`
    },
  },
  {
    scene: 'finds no image',
    what: 'containerd’s words for a registry that it cannot find',
    see: (observed) => said(observed, 'Failed')[0]?.replace(/ on [\d.]+:53: .*/, ''),
    expected: (observed) =>
      [
        `Failed to pull image "${imageOf(observed)}": failed to pull and unpack image "${imageOf(observed)}": failed to resolve image`,
        'failed to do request: Head "https://registry.invalid/v2/vllm/vllm-openai/manifests/v1": dial tcp: lookup registry.invalid',
      ].join(': '),
  },
  {
    scene: 'finds no image',
    what: 'conditions',
    see: conditionsOf,
    expected: () => expect.arrayContaining([unready('Ready')]),
  },
  {
    scene: 'finds no folder',
    what: 'what the kubelet says of a folder that is not there',
    see: (observed) => said(observed, 'FailedMount')[0],
    expected: () => 'MountVolume.SetUp failed for volume "models" : hostPath type check failed: /mnt/no-such-folder is not a directory',
  },
  {
    scene: 'finds no folder',
    what: 'why the container waits',
    see: ({ container }) => container?.state.waiting,
    expected: () => ({ reason: 'ContainerCreating' }),
  },
]

import { expect, test } from '@jest/globals'
import { openShapes } from './image-shapes.ts'
import { digestOf, json, scripted } from './scripted-registry.ts'

/** A registry with one image, that says of each answer what `announce` makes of its text. */
function openImage(announce: (text: string) => string) {
  const { serve, image, linux } = openShapes()
  const root = image(linux('amd64'))
  const { resolve } = scripted({
    'r.test': ({ url }) => {
      const response = serve(url, root)
      const text = url.pathname.includes('/manifests/') ? JSON.stringify(root) : ''
      response?.headers.set('docker-content-digest', announce(text))
      return response
    },
  })
  return { root, serve, resolve }
}

test.each(['sha256', 'sha512'])('a wrong announcement by %s is refused', async (algorithm) => {
  const { resolve } = openImage((text) => digestOf(`${text} `, algorithm))
  await expect(resolve('r.test')).rejects.toMatchObject({ code: 'WrongContent', message: expect.stringContaining(`digest ${algorithm}:`) })
})

test.each(['blake3:00', 'sha256', ''])('%j says nothing', async (announced) => {
  const { root, resolve } = openImage(() => announced)
  expect(await resolve('r.test')).toMatchObject({ digest: root.digest, compressedBytes: 3000 })
})

test.each(['manifests', 'blobs'])('what is asked for by its digest is held against it (%s)', async (kind) => {
  const { root, serve, resolve } = openImage(() => '')
  expect(await resolve('r.test', undefined, root.digest)).toMatchObject({ digest: root.digest })
  const altered = scripted({
    'r.test': ({ url }) => (url.pathname.includes(`/${kind}/`) ? json({ layers: [], os: 'linux' }) : serve(url, root)),
  })
  await expect(altered.resolve('r.test', undefined, root.digest)).rejects.toMatchObject({ code: 'WrongContent' })
})

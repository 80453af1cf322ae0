import { createCipheriv, createHmac, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Encrypts `content` for the builder's key, which exists only in its memory: SSM stores every command on the data volume, and EBS never erases a block. The format is in host/README.md, "Envelope": ECDH on P-256 with an ephemeral key, HKDF (RFC 5869), AES-256-CBC, then HMAC-SHA-256 over everything.
 * Not AES-GCM, which `openssl enc` refuses.
 * @param publicKey SPKI in DER.
 */
export function sealEnvelope(content: string | Uint8Array, publicKey: Uint8Array): Uint8Array {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const sender = ephemeral.publicKey.export({ format: 'der', type: 'spki' })
  const builder = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  const secret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: builder })
  const keys = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), sender, 64))
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', keys.subarray(0, 32), iv)
  const closed = Buffer.concat([sender, iv, cipher.update(content), cipher.final()])
  return Buffer.concat([closed, createHmac('sha256', keys.subarray(32)).update(closed).digest()])
}

import { constants, createCipheriv, createHmac, publicEncrypt, randomBytes } from 'node:crypto'

/**
 * Closes `text` so that only the builder's key, which lives in its memory, opens it: SSM keeps every command on the data volume, and EBS forgets no block.
 * The format is in host/README.md, "Envelope": RSA-OAEP (SHA-256) over an AES and a MAC key, AES-256-CBC, HMAC-SHA-256 over IV and ciphertext.
 * @param publicKey SPKI in PEM.
 */
export function sealEnvelope(text: string, publicKey: string): string {
  const keys = randomBytes(64)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', keys.subarray(0, 32), iv)
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const mac = createHmac('sha256', keys.subarray(32)).update(iv).update(ciphertext).digest('hex')
  const sealedKeys = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, keys)
  return `${sealedKeys.toString('base64')}\n${iv.toString('base64')}\n${ciphertext.toString('base64')}\n${mac}\n`
}

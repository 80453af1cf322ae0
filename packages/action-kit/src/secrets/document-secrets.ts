import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit, type Document } from 'yaml'

/** Keys of a kubeconfig whose values are secrets (k8s.io/client-go, clientcmd/api/v1; the `auth-provider` of OIDC has tokens too). */
const kubeconfigKeys = new Set([
  'token',
  'password',
  'client-key-data',
  'client-certificate-data',
  'id-token',
  'refresh-token',
  'access-token',
  'client-secret',
])

/** Configuration of the token command, not secrets. Their values occur in logs and in outputs, which GitHub would drop if they were masked. */
const openVariables = /^AWS_(REGION|DEFAULT_REGION|PROFILE|STS_REGIONAL_ENDPOINTS|CONFIG_FILE|SHARED_CREDENTIALS_FILE)$/

/** Keys of docker's config.json, and of hand-written credentials, whose values are secrets. */
const registryKeys = new Set(['password', 'auth', 'identitytoken', 'registrytoken'])

/** The secrets in the text of a kubeconfig, YAML or JSON; none in any other text, such as a path. */
export function kubeconfigSecrets(text: string): readonly string[] {
  return secretsIn(text, (key, value) => {
    if (kubeconfigKeys.has(key)) return [value]
    return key === 'env' && isSeq(value) ? value.items.flatMap(variableValue) : []
  })
}

/** The secrets in credentials for registries. If none is found, the whole text, because it was given as a secret. */
export function registrySecrets(text: string): readonly string[] {
  const found = secretsIn(text, (key, value) => (registryKeys.has(key) ? [value] : []))
  const logins = secretsIn(text, (key, value) => (key === 'auth' ? [value] : [])).map((auth) =>
    Buffer.from(auth, 'base64').toString('utf8'),
  )
  const passwords = logins.filter((login) => login.includes(':')).map((login) => login.slice(login.indexOf(':') + 1))
  return found.length > 0 ? [...found, ...passwords] : [text]
}

/**
 * The strings among the values that `select` picks, of every key at any depth. JSON is YAML too, and the readable part of a broken document counts.
 * In the failsafe schema every scalar is a string, so a password of digits stays unchanged.
 */
function secretsIn(text: string, select: (key: string, value: unknown) => readonly unknown[]): readonly string[] {
  const secrets = new Set<string>()
  const documents: Iterable<Document> = parseAllDocuments(text, { schema: 'failsafe', prettyErrors: false, logLevel: 'silent' })
  for (const document of documents) {
    visit(document, {
      Pair(_index, { key, value }) {
        if (!isScalar(key)) return
        for (const node of select(String(key.value), value)) {
          const scalar = isAlias(node) ? node.resolve(document) : node
          if (isScalar(scalar) && typeof scalar.value === 'string') secrets.add(scalar.value)
        }
      },
    })
  }
  return [...secrets]
}

/** Of an entry `{ name, value }` under `exec.env`. */
function variableValue(entry: unknown): readonly unknown[] {
  if (!isMap(entry) || openVariables.test(String(entry.get('name')))) return []
  return [entry.get('value', true)]
}

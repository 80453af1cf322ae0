import type { SimulatedResponse } from '../core/serve.ts'

/** Where a refusal is worded: the API answers in JSON, file routes in plain text. */
export type Wording = 'json' | 'text'

/** A refusal as the hub words it: `X-Error-Code` and `X-Error-Message`, and the message again in the body. */
export function refuse(status: number, code: string | undefined, message: string, wording: Wording = 'json'): SimulatedResponse {
  return {
    status,
    headers: {
      'Content-Type': wording === 'json' ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
      ...(code === undefined ? {} : { 'X-Error-Code': code }),
      'X-Error-Message': message,
      'X-Request-Id': 'Root=1-00000000-000000000000000000000000',
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="Authentication required", charset="UTF-8"' }),
      // The hub's documentation, "Rate limits": what is left (r) and the seconds until the window ends (t).
      ...(status === 429 && { RateLimit: '"resolvers";r=0;t=30', 'RateLimit-Policy': '"fixed window";"resolvers";q=3000;w=300' }),
    },
    body: wording === 'json' ? JSON.stringify({ error: message }) : message,
  }
}

/** The content network's refusal: a signature that is wrong, expired, or used for anything but GET. */
export const accessDenied: SimulatedResponse = {
  status: 403,
  headers: { 'Content-Type': 'application/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>',
}

export const unknownToken = (wording: Wording) => refuse(401, undefined, 'Invalid credentials in Authorization header', wording)

/** To a stranger the hub does not say whether a repository exists; the bare 401 is its real answer. */
export function unknownModel(stranger: boolean, wording: Wording): SimulatedResponse {
  if (stranger) return refuse(401, undefined, 'Invalid username or password.', wording)
  return refuse(404, 'RepoNotFound', 'Repository not found', wording)
}

export function gated(model: string, stranger: boolean): SimulatedResponse {
  const message = stranger
    ? `Access to model ${model} is restricted. You must have access to it and be authenticated to access it. Please log in.`
    : `Access to model ${model} is restricted and you are not in the authorized list. Visit https://huggingface.co/${model} to ask for access.`
  return refuse(stranger ? 401 : 403, 'GatedRepo', message, 'text')
}

export const unknownRevision = (revision: string, wording: Wording) =>
  refuse(404, 'RevisionNotFound', `Invalid rev id: ${revision}`, wording)

export const unknownEntry = (wording: Wording) =>
  refuse(404, 'EntryNotFound', wording === 'json' ? 'Entry does not exist' : 'Entry not found', wording)

import { region } from './world.ts'

/** One EC2 request in the query protocol. moto reads service and region from the signature's scope, and checks nothing else of it. */
export async function queryEc2(endpoint: string, action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=none/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }),
  })
  const said = await answer.text()
  if (!answer.ok) throw new Error(`${action}: ${said}`)
  return said
}

/** The text of the first element of that name. */
export function one(xml: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? ''
}

/** What the pattern's group matched, each time. */
export function all(xml: string, pattern: RegExp): readonly string[] {
  return [...xml.matchAll(pattern)].map(([, found]) => found ?? '')
}

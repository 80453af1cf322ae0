import { XMLBuilder } from 'fast-xml-parser'
import type { SimulatedResponse } from '../../core/serve.ts'
import type { Tags } from '../store.ts'

export type XmlValue = string | number | boolean | undefined | XmlContent | readonly XmlValue[]
export interface XmlContent {
  readonly [element: string]: XmlValue
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' })

/** A list as EC2 writes it: one `item` element each. */
export const list = <T>(values: readonly T[], write: (value: T) => XmlValue): XmlContent => ({ item: values.map(write) })

export const tagSet = (tags: Tags): XmlContent => list(Object.entries(tags), ([key, value]) => ({ key, value }))

/** A date as EC2 writes it. */
export const date = (time: Date): string => time.toISOString()

/** An XML document as a response; elements that are undefined are left out. */
export function xmlResponse(status: number, root: string, content: XmlContent, requestId: string): SimulatedResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`,
  }
}

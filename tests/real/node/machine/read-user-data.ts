import { parse } from 'smol-toml'

/** What a Bottlerocket machine's kubelet registers with, by Karpenter's own user data. */
export interface Registration {
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[]
}

interface Settings {
  readonly settings?: {
    readonly kubernetes?: {
      readonly 'node-labels'?: Readonly<Record<string, string>>
      /** By key, `value:effect`. */
      readonly 'node-taints'?: Readonly<Record<string, readonly string[]>>
    }
  }
}

/** @param userData base64 of Bottlerocket's settings in TOML, as a launch template has them */
export function readUserData(userData: string): Registration {
  const { settings } = parse(Buffer.from(userData, 'base64').toString('utf8')) as Settings
  const { 'node-labels': labels = {}, 'node-taints': taints = {} } = settings?.kubernetes ?? {}
  return {
    labels,
    taints: Object.entries(taints).flatMap(([key, values]) =>
      values.map((text) => {
        const [value = '', effect = ''] = text.split(':')
        return { key, value, effect }
      }),
    ),
  }
}

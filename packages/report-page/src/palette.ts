import type { phaseGroups } from '@prebake/startup'

type Group = (typeof phaseGroups)[number]['id'] | 'token'

interface Colours {
  readonly fill: string
  /** Of a name on the fill. */
  readonly text: string
}

/** What bars stand on. */
export const grounds = { light: '#ffffff', dark: '#12161c' } as const

/**
 * Neighbours in a start alternate between darker and lighter, so that they differ for whoever sees no red, green or blue; a test holds them to that, and to the
 * contrasts of WCAG 2.2 (1.4.3, 1.4.11).
 */
export const palette: Readonly<Record<keyof typeof grounds, Readonly<Record<Group, Colours>>>> = {
  light: {
    request: { fill: '#2f3742', text: '#ffffff' },
    capacity: { fill: '#7a6a00', text: '#ffffff' },
    boot: { fill: '#4a1c00', text: '#ffffff' },
    node: { fill: '#c2410c', text: '#ffffff' },
    pod: { fill: '#3b2a6e', text: '#ffffff' },
    image: { fill: '#c9304f', text: '#ffffff' },
    python: { fill: '#0b3f73', text: '#ffffff' },
    weights: { fill: '#0b7d83', text: '#ffffff' },
    engine: { fill: '#4a148c', text: '#ffffff' },
    server: { fill: '#2f7d32', text: '#ffffff' },
    token: { fill: '#000000', text: '#ffffff' },
    unattributed: { fill: '#767676', text: '#ffffff' },
  },
  dark: {
    request: { fill: '#8a94a3', text: '#000000' },
    capacity: { fill: '#f0d85a', text: '#000000' },
    boot: { fill: '#c9772f', text: '#000000' },
    node: { fill: '#ffc49a', text: '#000000' },
    pod: { fill: '#8f7fd6', text: '#000000' },
    image: { fill: '#ffb3dc', text: '#000000' },
    python: { fill: '#4a90d9', text: '#000000' },
    weights: { fill: '#8fe3e0', text: '#000000' },
    engine: { fill: '#b07be0', text: '#000000' },
    server: { fill: '#a5e39b', text: '#000000' },
    token: { fill: '#ffffff', text: '#000000' },
    unattributed: { fill: '#9a9a9a', text: '#000000' },
  },
}

/** The palette as rules: `.g-boot` and so on, for fills of bars and of the legend. */
export function paletteRules(scheme: keyof typeof grounds): string {
  return Object.entries(palette[scheme])
    .map(([group, { fill, text }]) => `.g-${group}{--fill:${fill};--on:${text}}`)
    .join('')
}

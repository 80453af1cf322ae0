import { describe, expect, test } from '@jest/globals'
import { phaseGroups } from '@prebake/startup'
import { grounds, palette } from '../src/palette.ts'

type Linear = readonly [red: number, green: number, blue: number]

function linear(hex: string): Linear {
  const channel = (index: number) => {
    const value = Number.parseInt(hex.slice(1 + 2 * index, 3 + 2 * index), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(0), channel(1), channel(2)]
}

/** WCAG 2.2. */
const luminance = ([red, green, blue]: Linear) => 0.2126 * red + 0.7152 * green + 0.0722 * blue
function contrast(a: string, b: string): number {
  const [one, other] = [luminance(linear(a)), luminance(linear(b))]
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}

/** Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1. */
const visions: Readonly<Record<string, readonly Linear[]>> = {
  'all colours': [[1, 0, 0], [0, 1, 0], [0, 0, 1]], // prettier-ignore
  'no red': [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]], // prettier-ignore
  'no green': [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]], // prettier-ignore
  'no blue': [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]], // prettier-ignore
}

/** CIELAB under D65. */
function lab(hex: string, vision: readonly Linear[]): Linear {
  const given = linear(hex)
  const [red, green, blue] = vision.map((row) => Math.min(1, Math.max(0, row.reduce((sum, factor, index) => sum + factor * given[index]!, 0)))) as unknown as Linear // prettier-ignore
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116) // prettier-ignore
  const x = f((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
  const y = f(0.2126729 * red + 0.7151522 * green + 0.072175 * blue)
  const z = f((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const groups = Object.entries(palette[scheme])

  test.each(groups)('%s stands out from the ground, and its name from it', (_group, { fill, text }) => {
    expect(contrast(fill, grounds[scheme])).toBeGreaterThanOrEqual(3)
    expect(contrast(fill, text)).toBeGreaterThanOrEqual(4.5)
  })

  const order = [...phaseGroups.map(({ id }) => id).filter((id) => id !== 'unattributed'), 'token'] as const
  test.each(Object.entries(visions))('neighbours differ for eyes with %s', (_title, vision) => {
    const tooClose = order.slice(1).flatMap((group, index) => {
      const before = order[index]!
      const [a, b] = [lab(palette[scheme][before].fill, vision), lab(palette[scheme][group].fill, vision)]
      const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
      // 2.3 is just noticeable side by side.
      return distance >= 20 ? [] : [`${before} and ${group}: ${distance.toFixed(1)}`]
    })
    expect(tooClose).toEqual([])
  })
})

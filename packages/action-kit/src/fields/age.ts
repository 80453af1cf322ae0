import { field, type Field, type Presence, type Present } from './field.ts'

const unitMs = { d: 86_400_000, h: 3_600_000 } as const

/** An age, `14d` or `36h`, in milliseconds. */
export function age<const P extends Presence<string>>(options?: P): Field<Present<number, P>> {
  return field((options ?? {}) as P, (text) => {
    const [, count, unit] = /^(\d{1,4})([dh])$/.exec(text) ?? []
    if (count === undefined || Number(count) === 0)
      return { wrong: `\`${text}\` is not an age.`, remedy: 'Give days or hours, at least one, such as `14d` or `36h`.' }
    return { value: Number(count) * unitMs[unit as keyof typeof unitMs] }
  })
}

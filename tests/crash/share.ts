/** Which of the cases a run takes: all of them, unless `--share` says otherwise. */
let share = { number: 1, of: 1 }

/** @param text `2/3`: of every three cases the second. @throws Error for another form */
export function chooseShare(text: string): void {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  share = { number: Number(number), of: Number(of) }
  if (!(share.number >= 1 && share.number <= share.of)) throw new Error(`--share ${text}: write the second of every three cases as 2/3.`)
}

/** The cases of a matrix that belong to the share of this run. */
export function inShare<Case>(cases: readonly Case[]): readonly Case[] {
  return cases.filter((_, index) => index % share.of === share.number - 1)
}

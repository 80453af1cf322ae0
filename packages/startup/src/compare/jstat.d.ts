/** The part of jStat (https://jstat.github.io/distributions.html) that is used here; the package brings no types. */
declare module 'jstat' {
  interface JStat {
    readonly studentt: {
      /** Quantile function. */
      inv(probability: number, degreesOfFreedom: number): number
    }
    readonly centralF: {
      /** Quantile function. */
      inv(probability: number, numeratorDegrees: number, denominatorDegrees: number): number
    }
    mean(values: readonly number[]): number
    /** @param sample whether the sum of squares is divided by n - 1 */
    variance(values: readonly number[], sample: boolean): number
  }
  const jstat: { readonly jStat: JStat }
  export default jstat
}

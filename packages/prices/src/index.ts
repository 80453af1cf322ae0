export { hoursPerMonth, listPrices, pricesOf, pricesRead, type PriceName, type Prices } from './list-prices.ts'
export { judgePrices } from './judge-prices.ts'
export { snapshotMonthlyDollars, volumeMonthlyDollars, type VolumeSettings } from './storage-costs.ts'

export type { Architecture } from '@prebake/snapshot-record'

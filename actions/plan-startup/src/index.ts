import { runAction } from '@prebake/action-kit'
import { main } from './main.ts'

export const run = () => runAction({ name: 'plan-startup', main })

import { runAction } from '@prebake/action-kit'
import { main } from './main.ts'
import { post } from './post.ts'

export const run = () => runAction({ name: 'scale-benchmark', main, post, postFailsJob: ['benchmark-remains', 'copies-remain'] })

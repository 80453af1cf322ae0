/** `node tests/real/page/picture-demo.ts` after `pnpm demo --seed 1`: the top of the page that the demo wrote, as docs/scale-benchmark.png. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { launchChromium } from './open-page.ts'

const root = join(import.meta.dirname, '../../..')
const report = join(root, 'out/demo/report.html')
if (!existsSync(report)) throw new Error('There is no page: run `npx pnpm@12 demo --seed 1` first.')
const browser = await launchChromium()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, colorScheme: 'light' })
  await page.goto(pathToFileURL(report).href)
  await page.waitForSelector('html[data-ready]')
  await page.focus('.line[tabindex="0"]')
  await page.screenshot({ path: join(root, 'docs/scale-benchmark.png') })
} finally {
  await browser.close()
}

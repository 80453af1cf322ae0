import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import type { AxeResults } from 'axe-core'
import { renderPage } from '@prebake/report-page'
import type { BenchmarkReport } from '@prebake/startup'
import { launchChromium, openPage, pictures, type Sight } from './open-page.ts'
import { sampleBenchmark } from './sample-benchmark.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const few = sampleBenchmark(4)
const desk: Sight = { width: 1280, height: 900, scheme: 'light' }

const sights = [360, 1280, 3840].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, height: width === 360 ? 780 : Math.round((width * 9) / 16), scheme })),
)

/** Rules of WCAG 2.0 to 2.2, A and AA. By way of the debugger, which the page's policy does not stop. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const { violations: found } = (await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as AxeResults
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`)
}

describe.each(sights)('$width px, $scheme', (sight) => {
  const name = (pods: number) => join(pictures, `${pods}-pods-${sight.width}-${sight.scheme}.png`)

  test('no console message, no request, nothing cut off, nothing that axe finds', async () => {
    const { page, complaints, requests } = await openPage(browser, few, sight)
    await page.focus('.line[tabindex="0"]')
    await page.screenshot({ path: name(8), fullPage: sight.width < 3000 })
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    for (const view of ['critical', 'first', 'all']) {
      await page.check(`[value="${view}"]`, { force: true })
      expect(await violations(page)).toEqual([])
    }
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] })
    await page.close()
  })

  test('five hundred pods of each arm', async () => {
    const { page, complaints, requests } = await openPage(browser, sampleBenchmark(250), sight)
    await page.screenshot({ path: name(500) })
    expect(await page.locator('.pods li').count()).toBe(1000)
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] })
    await page.close()
  })
})

test.each([1, 2, 50, 250])('%i pods in each run: at most 500 kB with all of them', async (pods) => {
  const benchmark = sampleBenchmark(pods)
  expect(Buffer.byteLength(renderPage(benchmark))).toBeLessThanOrEqual(500_000)
  const { page, complaints } = await openPage(browser, benchmark, desk)
  expect(await page.locator('.pods li').count()).toBe(4 * pods)
  expect(await page.locator('#keys').textContent()).not.toContain('pods are in this page')
  expect(complaints).toEqual([])
  await page.close()
})

test('1500 pods in each run: at most 500 kB, and it says what it leaves out', async () => {
  const benchmark = sampleBenchmark(1500)
  expect(Buffer.byteLength(renderPage(benchmark))).toBeLessThanOrEqual(500_000)
  const { page } = await openPage(browser, benchmark, desk)
  const shown = await page.locator('.pods li').count()
  expect(await page.locator('#keys').textContent()).toContain(`${shown} of 6000 pods are in this page`)
  await page.close()
})

test('the keyboard reaches every phase, and the panel says stamp, clock, source and precision', async () => {
  const { page } = await openPage(browser, few, desk)
  const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")')
  const panel = () => page.locator('#inspector').innerText()
  for (let tries = 0; tries < 10 && !String(await focused()).startsWith('vllm-'); tries++) await page.keyboard.press('Tab')
  const first = await focused()
  expect(first).toMatch(/^vllm-7d9f-.* serves after \d+\.\d s$/)
  expect(await panel()).toContain('scale.request')
  await page.keyboard.press('End')
  expect(await panel()).toContain('first.token')
  await page.keyboard.press('ArrowLeft')
  const atProbe = await panel()
  expect(atProbe).toMatch(/probe\.slack/)
  expect(atProbe).toMatch(/From\s+\d+\.\d s \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC\)/)
  expect(atProbe).toMatch(/Clock\s+node/)
  expect(atProbe).toMatch(/Source\s+log: /)
  expect(atProbe).toMatch(/Precision\s+± 1\.00 s/)
  await page.keyboard.press('ArrowDown')
  expect(await focused()).not.toBe(first)
  expect(await page.evaluate('document.activeElement.getAttribute("aria-activedescendant") !== null')).toBe(true)
  await page.keyboard.press('Home')
  expect(await panel()).toContain('scale.request')
  await page.close()
})

test('pointing at a phase shows it, and each view has its own pods', async () => {
  const { page } = await openPage(browser, few, desk)
  await page.hover('.seg.g-boot')
  expect(await page.locator('#inspector').innerText()).toContain('ec2.boot')
  for (const [view, groups] of [
    ['critical', 2],
    ['first', 2],
  ] as const) {
    // prettier-ignore
    await page.check(`[value="${view}"]`, { force: true })
    expect(await page.locator('.arm').count()).toBe(groups)
    expect(await page.locator('.stair').first().innerText()).toContain('scale.request')
  }
  await page.close()
})

test('the raw JSON can be read and downloaded, and is the report', async () => {
  const { page } = await openPage(browser, few, desk)
  await page.click('#raw summary')
  expect(JSON.parse(await page.locator('#raw pre').innerText())).toEqual(JSON.parse(JSON.stringify(few)))
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')])
  const file = await download.path()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(few)))
  await page.close()
})

test('what a cluster wrote stays text', async () => {
  const evil = '</script><img src=x onerror="document.title=1"><b>'
  const change = (benchmark: BenchmarkReport): BenchmarkReport => ({
    ...benchmark,
    caveats: [evil],
    runs: benchmark.runs.map((run) => ({
      ...run,
      environment: { ...run.environment, deployment: evil, image: evil },
      pods: run.pods.map((pod) => ({ ...pod, pod: evil, node: evil, rows: pod.rows.map((row) => ({ ...row, source: evil, step: evil })) })),
    })),
  })
  const { page, complaints, requests } = await openPage(browser, change(few), desk)
  await page.focus('.line[tabindex="0"]')
  expect(await page.locator('img, b').count()).toBe(0)
  expect(await page.title()).toContain('</script><img')
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] })
  await page.close()
})

test('it prints all pods', async () => {
  const { page } = await openPage(browser, sampleBenchmark(60), desk)
  const pdf = await page.pdf({ path: join(pictures, 'print.pdf'), format: 'A4', printBackground: true })
  // 240 lines do not fit on two sheets.
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(4)
  await page.close()
})

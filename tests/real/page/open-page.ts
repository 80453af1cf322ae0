import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { renderPage } from '@prebake/report-page'
import type { BenchmarkReport } from '@prebake/startup'

/** Where the pictures go. */
export const pictures = join(import.meta.dirname, '../../../out/real/page')

export interface Sight {
  readonly width: number
  readonly height: number
  readonly scheme: 'light' | 'dark'
}

export interface OpenPage {
  readonly page: Page
  /** What the console said and what was thrown, so far. */
  readonly complaints: readonly string[]
  /** Addresses that were asked for, the file's own excepted. */
  readonly requests: readonly string[]
}

export function launchChromium(): Promise<Browser> {
  mkdirSync(pictures, { recursive: true })
  // As root there is no sandbox.
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
}

/** Opens the benchmark's page as a file, and waits until its waterfall is drawn. */
export async function openPage(browser: Browser, benchmark: BenchmarkReport, { width, height, scheme }: Sight): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-page-'))
  const file = join(folder, 'report.html')
  writeFileSync(file, renderPage(benchmark))
  const address = pathToFileURL(file).href
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme })
  page.once('close', () => rmSync(folder, { recursive: true }))
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('blob:')) requests.push(request.url())
  })
  await page.goto(address)
  await page.waitForSelector('html[data-ready]')
  return { page, complaints, requests }
}

import { runsOf, type BenchmarkReport } from '@prebake/startup'
import { pageScript, pageStyle } from './assets.ts'
import { embedded, inlineSource } from './embed.ts'
import { html, Html } from './html.ts'
import { environmentSection } from './sections/environment-section.ts'
import { figures } from './sections/figures.ts'
import { header } from './sections/header.ts'
import { historySection } from './sections/history-section.ts'
import { phaseSection } from './sections/phase-section.ts'
import { predictionSection } from './sections/prediction-section.ts'
import { fewerPods } from './fewer-pods.ts'
import { rawSection, waterfallSection } from './sections/waterfall-section.ts'

/** An artifact opens in one click; what is larger loads slowly on a telephone. */
export const largestPageBytes = 500_000
/** More have never fitted. */
const mostPods = 1200

/**
 * The benchmark as one HTML file that needs nothing else: no request leaves it (its content security policy forbids them). At most 500 kB: of very many pods only
 * some are in it, and it says so.
 */
export function renderPage(benchmark: BenchmarkReport): string {
  for (let pods = Math.min(podCount(benchmark), mostPods); ; pods = Math.floor(pods / 2)) {
    const page = pageOf(benchmark, fewerPods(benchmark, pods))
    if (Buffer.byteLength(page) <= largestPageBytes || pods <= 1) return page
  }
}

/** @param shown the benchmark with the pods that the page has */
function pageOf(benchmark: BenchmarkReport, shown: BenchmarkReport): string {
  const { environment } = runsOf(benchmark, 'candidate')[0]!
  const [style, script] = [pageStyle(), pageScript()]
  const policy = `default-src 'none'; style-src ${inlineSource(style)}; script-src ${inlineSource(script)}; base-uri 'none'; form-action 'none'`
  const title = `Scale-up of ${environment.deployment} from ${environment.from} to ${environment.to}`
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${element('style', style)}
      </head>
      <body>
        <a class="skip" href="#waterfall">Skip to the waterfall</a>
        <main>
          ${header(benchmark, title)} ${figures(benchmark)} ${waterfallSection(benchmark, podCount(shown))} ${phaseSection(benchmark)}
          ${predictionSection(benchmark)} ${historySection(benchmark)} ${environmentSection(benchmark)}
          ${rawSection(podCount(shown) < podCount(benchmark))}
        </main>
        ${element('script', embedded(shown), ' type="text/plain" id="data"')} ${element('script', script)}
      </body>
    </html> `
  return page.text
}

/** The content as it is, to the byte, as the policy's digest wants it. */
function element(name: 'script' | 'style', content: string, attributes = ''): Html {
  return new Html(`<${name}${attributes}>${content}</${name}>`)
}

function podCount({ runs }: BenchmarkReport): number {
  return runs.reduce((sum, { pods }) => sum + pods.length, 0)
}

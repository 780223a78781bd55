/** A headless Chromium from npm, and pages that remember everything they complained about. */
import chromium from '@sparticuz/chromium';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type LaunchOptions,
  type Page,
} from 'playwright-core';

/** The package's own arguments are for a single page in a small function: one process for all, web security off. Ours is a browser as people have it. */
const launchOptions = async (): Promise<LaunchOptions> => ({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  env: { ...process.env, FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf') },
});

export const launchBrowser = async (): Promise<Browser> => playwright.launch(await launchOptions());

/** One that keeps its cookies in a folder and can be driven by others as well. @param port where it listens for them */
export async function launchShared(folder: string, port: number): Promise<BrowserContext> {
  const { args = [], ...options } = await launchOptions();
  return playwright.launchPersistentContext(folder, { ...options, args: [...args, `--remote-debugging-port=${port}`] });
}

/** Errors of scripts, refused resources (also by the content security policy) and failed requests, in the order in which they came. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}

export interface Look {
  readonly locale: 'zh-CN' | 'en';
  readonly theme: 'light' | 'dark';
  readonly width: number;
}

export const contextOptions = ({ locale, theme, width }: Look): BrowserContextOptions => ({
  locale,
  colorScheme: theme,
  viewport: { width, height: 800 },
});

export async function openPage(context: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  return { page, complaints: complaintsOf(page) };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, one line a rule with the elements it names. Evaluated outside the page's own scripts, so its policy stays in force. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Axe {
      run(options: { resultTypes: readonly string[] }): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    // All rules run all the same; what passed is not written up node by node.
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  });
}

/** Pixels by which the page can be scrolled sideways. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

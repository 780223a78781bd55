/**
 * Before the first browser test: Chromium's package unpacks itself into the temporary folder when it is first asked for, and takes a file
 * that is there for a whole one. Two test files that begin together would race: the second would start half a browser.
 */
import chromium from '@sparticuz/chromium';

export default async function setup(): Promise<void> {
  await chromium.executablePath();
}

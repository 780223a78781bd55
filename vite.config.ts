/** The console's browser build → dist/. The Worker's half is vite.worker.config.ts. */
import { qwikCity } from '@builder.io/qwik-city/vite';
import { qwikVite } from '@builder.io/qwik/optimizer';
import { i18nPlugin } from 'compiled-i18n/vite';
import { defineConfig, type UserConfig } from 'vite';

/** Read by both builds; a production build always, whatever NODE_ENV says, since both must agree on names. */
export const consoleConfig: UserConfig = {
  mode: 'production',
  logLevel: 'warn',
  publicDir: 'web/public',
  plugins: [
    qwikCity({ trailingSlash: false, routesDir: 'web/routes' }),
    qwikVite({
      srcDir: 'web',
      // Styles are one file with a hash in its name: a <style> in the page would need a hole in the content security policy.
      optimizerOptions: { inlineStylesUpToBytes: 0 },
      client: { outDir: 'dist', input: ['web/root.tsx'] },
      ssr: { input: 'web/entry.ssr.tsx', outDir: 'server' },
    }),
    // Keys are added by hand in both languages; tests/browser/translations.test.ts names those that are missing.
    i18nPlugin({ locales: ['zh-CN', 'en'], defaultLocale: 'zh-CN', addMissing: false }),
  ],
};

export default defineConfig(consoleConfig);

/** The console's server build → server/entry.worker.js, which the Worker imports on its first page. */
import { defineConfig, mergeConfig } from 'vite';
import { consoleConfig } from './vite.config';

export default defineConfig(
  mergeConfig(consoleConfig, {
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['webworker', 'worker'] },
    ssr: { target: 'webworker', noExternal: true, external: ['node:async_hooks'] },
    build: {
      ssr: true,
      outDir: 'server',
      minify: true,
      rollupOptions: { input: ['web/entry.worker.tsx', '@qwik-city-plan'], output: { format: 'es', hoistTransitiveImports: false } },
    },
  }),
);

/** The built console (`npm run build` writes it): web/entry.worker.tsx. */
declare module '*/server/entry.worker.js' {
  import type { BuiltConsole } from '../../schema/console';
  export const answerPage: BuiltConsole['answerPage'];
}

import { renderToStream, type RenderToStreamOptions } from '@builder.io/qwik/server';
import { extractBase, setSsrLocaleGetter } from 'compiled-i18n/qwik';
import Root from './root';

setSsrLocaleGetter();

/** `serverData` carries what the document itself depends on: language, theme, nonce (see entry.worker.tsx). */
export default function renderPage(options: RenderToStreamOptions) {
  const { locale, theme } = options.serverData as { locale: string; theme: string };
  return renderToStream(<Root />, {
    ...options,
    base: extractBase,
    // Pages work without script; what improves them is fetched when it is first used, so nothing is guessed ahead.
    preloader: false,
    containerAttributes: { ...options.containerAttributes, lang: locale, 'data-theme': theme },
  });
}

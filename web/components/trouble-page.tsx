import { component$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { ERRORS, errorText, type ErrorCode } from '../../schema/errors';
import type { Locale } from '../../schema/states';
import { Brand } from './brand';
import { HeadOfEveryPage } from './document-head';

interface TroublePageProps {
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly locale: Locale;
  /** Of the side whose page was asked for. */
  readonly home: string;
}

export const TroublePage = component$<TroublePageProps>(({ code, requestId, locale, home }) => {
  const { status } = ERRORS[code];
  const [title, text] = wordsFor(code, locale);
  return (
    <>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · JMC 锦木通信`}</title>
        <HeadOfEveryPage />
      </head>
      <body>
        <main class="trouble">
          <div class="paper">
            <Brand href={home} />
            <span class="status">{status}</span>
            <h1>{title}</h1>
            <p>{text}</p>
            <a class="btn primary" href={home}>
              {_`Back to the home page`}
            </a>
            {status >= 500 && (
              <div class="quote">
                {_`If it happens again, please give our service team this number:`} <span class="mono">{requestId}</span>
              </div>
            )}
          </div>
        </main>
      </body>
    </>
  );
});

function wordsFor(code: ErrorCode, locale: Locale): [title: string, text: string] {
  if (ERRORS[code].status === 404 || ERRORS[code].status === 405) {
    return [_`This page does not exist`, _`The address may be mistyped, or what it showed belongs to another account.`];
  }
  if (ERRORS[code].status === 410)
    return [_`This file has expired`, _`Files are kept for 30 days. Make the export again to get a new one.`];
  if (ERRORS[code].status < 500) return [errorText(code, locale), _`Go back, reload the page and try again.`];
  return [_`Something went wrong on our side`, _`Nothing you entered was sent twice. Please try again in a moment.`];
}

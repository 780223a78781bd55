import { component$ } from '@builder.io/qwik';
import { useDocumentHead, useLocation } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { isOperators } from '../lib/paths';

export const DocumentHead = component$(() => {
  const { title, meta } = useDocumentHead();
  const { url } = useLocation();
  return (
    <head>
      <meta charset="utf-8" />
      <title>{title === '' ? 'JMC 锦木通信' : `${title} · JMC 锦木通信`}</title>
      <meta name="description" content={_`International and mainland SMS for companies: send, follow and export every message.`} />
      {/* Customers look for the way in; nobody else needs to find the service team's. Behind either there is nothing without a session. */}
      {isOperators(url.pathname) && <meta name="robots" content="noindex" />}
      <HeadOfEveryPage />
      {meta.map(({ key, ...attributes }) => (
        <meta key={key} {...attributes} />
      ))}
    </head>
  );
});

/** What error pages, which have no route, need as well. */
export const HeadOfEveryPage = () => (
  <>
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="format-detection" content="telephone=no" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
  </>
);

import { component$ } from '@builder.io/qwik';
import { useDocumentHead } from '@builder.io/qwik-city';

export const DocumentHead = component$(() => {
  const { title, meta } = useDocumentHead();
  return (
    <head>
      <meta charset="utf-8" />
      <title>{title === '' ? 'JMC 锦木通信' : `${title} · JMC 锦木通信`}</title>
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
    <meta name="robots" content="noindex" />
    <meta name="format-detection" content="telephone=no" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
  </>
);

/** Stands for the built console in tests inside workerd: pages are tested in a browser. */
export const answerPage = async (): Promise<Response> => new Response('console', { headers: { 'content-type': 'text/html' } });

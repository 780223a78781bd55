/** GET /: what this is, how it is set and what it has seen, for a person with a browser. */
import type { Carrier } from './carrier';
import { MAGIC_OUTCOMES, MAGIC_PREFIX } from '../rules/magic-numbers';

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const row = (name: string, value: string): string => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`;
const table = (caption: string, rows: readonly string[]): string => `<table><caption>${caption}</caption>${rows.join('')}</table>`;
const objectRows = (value: object): string[] =>
  Object.entries(value).map(([name, entry]) => row(name, typeof entry === 'object' ? JSON.stringify(entry) : String(entry)));

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}caption{font-weight:600;text-align:left;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-top:1px solid color-mix(in srgb,currentColor 20%,transparent);overflow-wrap:anywhere}
th{font-weight:500;white-space:nowrap}pre{overflow:auto;padding:.75rem;border-radius:.5rem;background:color-mix(in srgb,currentColor 8%,transparent)}`;

export function page(origin: string, carrier: Carrier): Response {
  const [account] = carrier.knobs.accounts;
  const credentials = account === undefined ? 'key:secret' : `${account.apiKey}:${account.apiSecret}`;
  const examples = [
    `curl -u ${credentials} -H 'content-type: application/json' -d '{"from":"JMC","to":"${MAGIC_PREFIX}0000","text":"Hello","client-ref":"one"}' ${origin}/sms/json`,
    `curl ${origin}/stats`,
    `curl -X PATCH -d '{"answerDelayMs":50,"throttlePerSecond":30}' ${origin}/control`,
    `curl -d '{"from":"447700900001","to":"447700900000","text":"STOP"}' ${origin}/control/inbound`,
    `curl -X POST ${origin}/control/reset`,
  ];
  const magic = [...MAGIC_OUTCOMES].map(([digits, { meaning }]) => row(MAGIC_PREFIX + String(digits).padStart(4, '0'), meaning));
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>JMC carrier simulator</title><style>${STYLE}</style></head><body>
<h1>JMC carrier simulator</h1>
<p>Stands for Vonage's SMS API where there are no credentials: the same requests, answers, receipts and inbound messages, and every way to go wrong. No text leaves this machine.</p>
<pre>${escape(examples.join('\n'))}</pre>
${table('Seen since the start or the last reset (GET /stats)', objectRows(carrier.statistics()))}
${table('Knobs (GET, PUT, PATCH /control)', objectRows(carrier.knobs))}
${table('Magic numbers: recipients with a fixed outcome', magic)}
<p>The latest messages: <a href="/messages">/messages</a>. All of it is explained in workers/simulator/README.md.</p>
</body></html>`;
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}

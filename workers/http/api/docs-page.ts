/** `/docs/api`: the reference, readable and to be tried out, made from the OpenAPI document and served by the platform alone. */
import { ERRORS, errorText, type ErrorCode } from '../../../schema/errors';
import type { Locale } from '../../../schema/states';
import type { RequestContext } from '../context';
import { inChinese } from './docs-chinese';
import { guideContents, guideSections } from './docs-guide';
import { escapeHtml, prose, sample, verb } from './docs-html';
import { exampleOf, fieldsOf, resolve, wholeExampleOf } from './docs-schema';
import { docsLocale, docsShell } from './docs-shell';
import { docsWords, tagName, type Words } from './docs-words';
import { FACES } from './faces';
import type { Said } from './operation';
import { openApiDocument, type Json, type JsonObject } from './openapi';
import { OPERATIONS } from './operations';

const SUMMARIES: ReadonlyMap<string, Said> = new Map([...OPERATIONS, ...FACES].map(({ id, summary }) => [id, summary]));

interface Call {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly described: JsonObject;
}

/** What every piece of a page needs to know. */
interface Reader {
  readonly document: JsonObject;
  readonly locale: Locale;
  readonly words: Words;
  readonly origin: string;
}

const objectOf = (json: Json | undefined): JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
const listOf = (json: Json | undefined): readonly JsonObject[] => (Array.isArray(json) ? (json as readonly JsonObject[]) : []);
const textOf = (json: Json | undefined): string => (typeof json === 'string' ? json : '');
const pretty = (json: Json): string => JSON.stringify(json, null, 2);

function callsByTag(document: JsonObject): Map<string, Call[]> {
  const byTag = new Map<string, Call[]>();
  for (const [path, methods] of Object.entries(objectOf(document['paths']))) {
    for (const [method, value] of Object.entries(objectOf(methods))) {
      const described = objectOf(value);
      const id = textOf(described['operationId']);
      // A face answers both ways alike; its page stands once, under POST.
      if (id.endsWith('ByQuery')) continue;
      const tag = textOf((described['tags'] as readonly Json[])[0]);
      byTag.set(tag, [...(byTag.get(tag) ?? []), { id, method: method.toUpperCase(), path, described }]);
    }
  }
  return byTag;
}

const summaryOf = ({ id, described }: Call, locale: Locale): string => {
  const said = SUMMARIES.get(id);
  return (locale === 'en' ? said?.en : said?.zh) ?? inLocale(textOf(described['summary']), locale);
};

/** A refusal is listed by its codes, in the words of its errors; everything else is a sentence of the document. */
const inLocale = (english: string, locale: Locale): string => (locale === 'en' ? english : inChinese(english));

function fieldList({ document, locale, words }: Reader, schema: JsonObject): string {
  const rows = fieldsOf(document, schema).map(({ name, type, isRequired, description }) => {
    const must = isRequired ? ` <span class="must">${words.required}</span>` : '';
    const meaning = description === '' ? '' : `<dd>${prose(inLocale(description, locale))}</dd>`;
    return `<div><dt><code>${escapeHtml(name)}</code><span class="type">${escapeHtml(type)}</span>${must}</dt>${meaning}</div>`;
  });
  return rows.length === 0 ? '' : `<dl class="fields">${rows.join('')}</dl>`;
}

function parameterList(reader: Reader, parameters: readonly JsonObject[]): string {
  if (parameters.length === 0) return '';
  const properties = Object.fromEntries(
    parameters.map((one) => [
      textOf(one['name']),
      { ...objectOf(one['schema']), ...(one['description'] !== undefined && { description: one['description'] }) },
    ]),
  );
  const required = parameters.filter((one) => one['required'] === true).map((one) => textOf(one['name']));
  return `<h4>${reader.words.parameters}</h4>${fieldList(reader, { type: 'object', properties, required })}`;
}

const contentOf = (described: JsonObject): JsonObject => objectOf(objectOf(described['requestBody'])['content']);
const jsonBody = (described: JsonObject): JsonObject | null => {
  const json = objectOf(contentOf(described)['application/json'])['schema'];
  return json === undefined ? null : objectOf(json);
};
const takesFile = (described: JsonObject): boolean => contentOf(described)['application/octet-stream'] !== undefined;
const answerShape = (answer: JsonObject): JsonObject | null => {
  const schema = objectOf(objectOf(answer['content'])['application/json'])['schema'];
  return schema === undefined ? null : objectOf(schema);
};

const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(ERRORS, text);

function answerList(reader: Reader, described: JsonObject): string {
  const { locale, words } = reader;
  const items = Object.entries(objectOf(described['responses'])).map(([status, value]) => {
    const answer = objectOf(value);
    const text = textOf(answer['description']);
    const codes = [...text.matchAll(/^`(\w+)`: /gm)].map(([, code]) => code ?? '').filter(isErrorCode);
    if (codes.length > 0) {
      const list = codes.map(
        (code) => `<li><a href="/docs/errors?lang=${locale}#${code}"><code>${code}</code></a> ${escapeHtml(errorText(code, locale))}</li>`,
      );
      return `<li><span class="status no">${status}</span><ul>${list.join('')}</ul></li>`;
    }
    const shape = answerShape(answer);
    const fields = shape === null ? '' : fieldList(reader, shape);
    const more = fields === '' ? '' : `<details class="more"><summary>${words.fields}</summary>${fields}</details>`;
    return `<li><span class="status">${status}</span> ${prose(inLocale(text, locale))}${more}</li>`;
  });
  return `<h4>${words.answers}</h4><ul class="answers">${items.join('')}</ul>`;
}

/** Where an example has nothing to say for a key or its secret, the reader's own are put. */
const CREDENTIAL_FIELDS: Readonly<Record<string, string>> = {
  baseKey: '<key>',
  appKey: '<key>',
  api_key: '<key>',
  secret: '<secret>',
  appSecret: '<secret>',
  api_secret: '<secret>',
};
function bodyExample({ document }: Reader, { path }: Call, schema: JsonObject): Json {
  const example = exampleOf(document, schema);
  if (path.startsWith('/v1/')) return example;
  const { properties } = resolve(document, schema);
  const own = Object.keys(objectOf(properties)).flatMap((name) =>
    CREDENTIAL_FIELDS[name] === undefined ? [] : [[name, CREDENTIAL_FIELDS[name]]],
  );
  return { ...objectOf(example), ...(Object.fromEntries(own) as JsonObject) };
}

function curlOf(reader: Reader, call: Call): string {
  const { method, path, described } = call;
  const isOwn = path.startsWith('/v1/') && described['security'] === undefined;
  const lines = [`curl ${method === 'GET' || method === 'POST' ? '' : `-X ${method} `}'${reader.origin}${path}'`];
  if (isOwn) lines.push("-H 'authorization: Bearer <key>:<secret>'");
  const body = jsonBody(described);
  if (takesFile(described)) lines.push("-H 'content-type: application/octet-stream'", '--data-binary @part');
  else if (body !== null) {
    lines.push("-H 'content-type: application/json'", `-d '${JSON.stringify(bodyExample(reader, call, body)).replaceAll("'", "'\\''")}'`);
  } else if (method === 'POST') lines[0] = `curl -X POST '${reader.origin}${path}'`;
  return lines.join(' \\\n  ');
}

function tryForm(reader: Reader, call: Call): string {
  const { method, path, described } = call;
  if (takesFile(described)) return '';
  const { words } = reader;
  const inputs = listOf(described['parameters']).map((one) => {
    const name = textOf(one['name']);
    const required = one['required'] === true ? ' required' : '';
    return `<label>${escapeHtml(name)}<input name="${escapeHtml(name)}" data-in="${escapeHtml(textOf(one['in']))}" autocomplete="off" spellcheck="false"${required}></label>`;
  });
  const body = jsonBody(described);
  const area =
    body === null
      ? ''
      : `<label>${words.body}<textarea name="body" rows="8" spellcheck="false">${escapeHtml(pretty(bodyExample(reader, call, body)))}</textarea></label>`;
  return `<details class="try"><summary>${words.tryOut}</summary><form data-method="${method}" data-path="${escapeHtml(path)}">${inputs.join('')}${area}<div><button class="go">${words.send}</button></div><pre hidden tabindex="0" role="region" aria-live="polite" aria-label="${escapeHtml(`${words.result} (${call.id})`)}"></pre></form></details>`;
}

function section(reader: Reader, call: Call): string {
  const { document, locale, words } = reader;
  const { id, method, path, described } = call;
  const body = jsonBody(described);
  const good = Object.entries(objectOf(described['responses'])).find(([status]) => status.startsWith('2'));
  const shape = good === undefined ? null : answerShape(objectOf(good[1]));
  const description = textOf(described['description']);
  const told = [
    `<h3>${escapeHtml(summaryOf(call, locale))}</h3><p class="path">${verb(method)}<span>${escapeHtml(path)}</span></p>`,
    description === '' ? '' : `<p>${prose(inLocale(description, locale))}</p>`,
    parameterList(reader, listOf(described['parameters'])),
    body === null ? '' : `<h4>${words.body}</h4>${fieldList(reader, resolve(document, body))}`,
    answerList(reader, described),
  ];
  const shown = [
    sample(`${id}-curl`, 'curl', curlOf(reader, call), words),
    shape === null || resolve(document, shape)['properties'] === undefined
      ? ''
      : sample(`${id}-answer`, `${words.answer} ${good?.[0] ?? ''}`, pretty(wholeExampleOf(document, shape)), words),
    tryForm(reader, call),
  ];
  return `<section class="card call" id="${id}"><div class="told">${told.join('')}</div><div class="shown">${shown.join('')}</div></section>`;
}

const credentialsForm = (words: Words): string =>
  `<form class="card credentials" id="credentials" aria-label="${words.credentials}"><label>${words.key}<input name="key" autocomplete="off" spellcheck="false" placeholder="JM…"></label><label>${words.secret}<input name="secret" type="password" autocomplete="off"></label><p>${words.credentialsHelp}</p></form>`;

export function showApiReference(request: Request, context: RequestContext): Response {
  const locale = docsLocale(context);
  const words = docsWords(locale);
  const reader: Reader = { document: openApiDocument(), locale, words, origin: context.url.origin };
  const tags = [...callsByTag(reader.document)];
  const group = (title: string, links: readonly string[]): string => `<h2>${escapeHtml(title)}</h2><ul>${links.join('')}</ul>`;
  const contents = [
    group(
      words.guides,
      guideContents(locale).map(([id, title]) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`),
    ),
    ...tags.map(([tag, calls]) =>
      group(
        tagName(tag, locale),
        calls.map((call) => {
          const short = call.method === 'DELETE' ? 'DEL' : call.method;
          return `<li><a href="#${call.id}">${verb(call.method, short)}<span>${escapeHtml(summaryOf(call, locale).replaceAll('`', ''))}</span></a></li>`;
        }),
      ),
    ),
  ].join('');
  const main = [
    `<p class="lead">${words.lead}</p>${credentialsForm(words)}`,
    `<h2>${words.guides}</h2>${guideSections(reader.origin, locale)}`,
    ...tags.map(([tag, calls]) => `<h2>${escapeHtml(tagName(tag, locale))}</h2>${calls.map((call) => section(reader, call)).join('')}`),
  ].join('');
  return docsShell({ request, locale, path: '/docs/api', title: words.title, contents, main });
}

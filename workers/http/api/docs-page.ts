/** `/docs/api`: the reference, readable and to be tried out, made from the OpenAPI document and served by the platform alone. */
import type { Locale } from '../../../schema/states';
import type { RequestContext } from '../context';
import { exampleOf, fieldsOf, resolve } from './docs-schema';
import { docsShell, escapeHtml, type Words } from './docs-shell';
import { docsWords } from './docs-words';
import { FACES } from './faces';
import type { Said } from './operation';
import { openApiDocument, type Json, type JsonObject } from './openapi';
import { OPERATIONS } from './operations';

const SUMMARIES: ReadonlyMap<string, Said> = new Map([...OPERATIONS, ...FACES].map(({ id, summary }) => [id, summary]));

interface Call {
  readonly method: string;
  readonly path: string;
  readonly described: JsonObject;
}

const objectOf = (json: Json | undefined): JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
const listOf = (json: Json | undefined): readonly JsonObject[] => (Array.isArray(json) ? (json as readonly JsonObject[]) : []);
const textOf = (json: Json | undefined): string => (typeof json === 'string' ? json : '');

function callsByTag(document: JsonObject): Map<string, Call[]> {
  const byTag = new Map<string, Call[]>();
  for (const [path, methods] of Object.entries(objectOf(document['paths']))) {
    for (const [method, described] of Object.entries(objectOf(methods))) {
      const call = { method: method.toUpperCase(), path, described: objectOf(described) };
      // A face answers both ways alike; its page stands once, under POST.
      if (textOf(call.described['operationId']).endsWith('ByQuery')) continue;
      const tag = textOf((call.described['tags'] as readonly Json[])[0]);
      byTag.set(tag, [...(byTag.get(tag) ?? []), call]);
    }
  }
  return byTag;
}

/** `code` and paragraphs of a description. */
const prose = (text: string): string =>
  escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll('\n\n', '<br>');

function fieldTable(document: JsonObject, schema: JsonObject, words: Words): string {
  const rows = fieldsOf(document, schema).map(
    ({ name, type, isRequired, description }) =>
      `<tr><td><code>${escapeHtml(name)}</code>${isRequired ? ` <em>${words.required}</em>` : ''}</td><td>${escapeHtml(type)}</td><td>${prose(description)}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<table><tbody>${rows.join('')}</tbody></table>`;
}

function parameterTable(document: JsonObject, parameters: readonly JsonObject[], words: Words): string {
  if (parameters.length === 0) return '';
  const properties = Object.fromEntries(
    parameters.map((one) => [
      textOf(one['name']),
      { ...objectOf(one['schema']), ...(one['description'] !== undefined && { description: one['description'] }) },
    ]),
  );
  const required = parameters.filter((one) => one['required'] === true).map((one) => textOf(one['name']));
  return `<h4>${words.parameters}</h4>${fieldTable(document, { type: 'object', properties, required }, words)}`;
}

const jsonBody = (described: JsonObject): JsonObject | null => {
  const content = objectOf(objectOf(described['requestBody'])['content']);
  const json = objectOf(content['application/json'])['schema'];
  return json === undefined ? null : objectOf(json);
};

function answerList(document: JsonObject, described: JsonObject, words: Words): string {
  const items = Object.entries(objectOf(described['responses'])).map(([status, answer]) => {
    const { description, content } = objectOf(answer);
    const schema = objectOf(objectOf(content)['application/json'])['schema'];
    const fields = schema === undefined ? '' : `<details><summary>JSON</summary>${fieldTable(document, objectOf(schema), words)}</details>`;
    return `<li><b>${escapeHtml(status)}</b> ${prose(textOf(description))}${fields}</li>`;
  });
  return `<h4>${words.answers}</h4><ul class="answers">${items.join('')}</ul>`;
}

function tryForm({ method, path, described }: Call, document: JsonObject, words: Words): string {
  if (objectOf(objectOf(described['requestBody'])['content'])['application/octet-stream'] !== undefined) return '';
  const inputs = listOf(described['parameters']).map((one) => {
    const name = textOf(one['name']);
    return `<label>${escapeHtml(name)}<input name="${escapeHtml(name)}" data-in="${escapeHtml(textOf(one['in']))}"></label>`;
  });
  const body = jsonBody(described);
  const area =
    body === null
      ? ''
      : `<label>${words.body}<textarea name="body" rows="8" spellcheck="false">${escapeHtml(JSON.stringify(exampleOf(document, body), null, 2))}</textarea></label>`;
  return `<details class="try"><summary>${words.tryOut}</summary><form data-method="${method}" data-path="${escapeHtml(path)}">${inputs.join('')}${area}<button>${words.send}</button><pre hidden tabindex="0"></pre></form></details>`;
}

function section(call: Call, document: JsonObject, locale: Locale, words: Words): string {
  const { method, path, described } = call;
  const id = textOf(described['operationId']);
  const said = SUMMARIES.get(id);
  const summary = (locale === 'zh-CN' ? said?.zh : said?.en) ?? textOf(described['summary']);
  const body = jsonBody(described);
  return `<section id="${id}"><h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${escapeHtml(path)}</code></h3><p>${escapeHtml(summary)}</p>${
    described['description'] === undefined ? '' : `<p>${prose(textOf(described['description']))}</p>`
  }${parameterTable(document, listOf(described['parameters']), words)}${
    body === null ? '' : `<h4>${words.body}</h4>${fieldTable(document, resolve(document, body), words)}`
  }${answerList(document, described, words)}${tryForm(call, document, words)}</section>`;
}

/** Texts that hold no request's data but its language: everything else is the platform's own. */
export function showApiReference(_request: unknown, { locale }: RequestContext): Response {
  const document = openApiDocument();
  const words = docsWords(locale);
  const tags = [...callsByTag(document)];
  const contents = tags.map(
    ([tag, calls]) =>
      `<li>${escapeHtml(tag)}<ul>${calls
        .map(({ method, path, described }) => `<li><a href="#${textOf(described['operationId'])}">${method} ${escapeHtml(path)}</a></li>`)
        .join('')}</ul></li>`,
  );
  const main = tags
    .map(([tag, calls]) => `<h2>${escapeHtml(tag)}</h2>${calls.map((call) => section(call, document, locale, words)).join('')}`)
    .join('');
  return docsShell({
    locale,
    words,
    title: words.title,
    navigation: `<ul>${contents.join('')}</ul>`,
    main: `<p>${words.intro}</p>${main}`,
  });
}

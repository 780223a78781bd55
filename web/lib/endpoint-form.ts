/** The form of an endpoint, from what was posted to what the verbs take. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { FieldError } from '../../schema/errors';
import { WEBHOOK_EVENTS } from '../../schema/states';
import type { EndpointForm, EndpointView } from '../../schema/webhooks';
import { again, posted } from './forms';

export interface EndpointValues {
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly events: readonly string[];
  readonly batchMax: string;
  readonly headers: string;
  /** Names of those that are sent now. */
  readonly headerNames: readonly string[];
  /** None of them any more. */
  readonly noHeaders: boolean;
}

export const NEW_ENDPOINT: EndpointValues = {
  name: '',
  url: '',
  method: 'POST',
  events: ['receipt'],
  batchMax: '1',
  headers: '',
  headerNames: [],
  noHeaders: false,
};

export const endpointValues = ({ name, url, method, events, batchMax, headerNames }: EndpointView): EndpointValues => ({
  name,
  url,
  method,
  events,
  batchMax: String(batchMax),
  headers: '',
  headerNames,
  noHeaders: false,
});

/** What was posted and refused goes before what the page would show. */
export const endpointValuesAgain = (before: EndpointValues, form: FormData | undefined): EndpointValues =>
  form === undefined
    ? before
    : {
        ...before,
        name: again(form, 'name'),
        url: again(form, 'url'),
        method: again(form, 'method'),
        events: WEBHOOK_EVENTS.filter((event) => form.has(`event-${event}`)),
        batchMax: again(form, 'batchMax'),
        headers: again(form, 'headers'),
        noHeaders: form.has('noHeaders'),
      };

/** One header a line, `Name: value`. Without any, those that are sent now stay, unless the form says that there shall be none. */
export function readEndpoint(form: JSONObject): { form: EndpointForm } | { wrong: FieldError[] } {
  const lines = posted(form, 'headers')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at < 1) return { wrong: [{ field: 'headers', code: 'invalid' }] };
    headers[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  const name = posted(form, 'name').trim();
  return {
    form: {
      ...(name !== '' && { name }),
      url: posted(form, 'url').trim(),
      method: posted(form, 'method'),
      events: WEBHOOK_EVENTS.filter((event) => posted(form, `event-${event}`) !== ''),
      batchMax: Number(posted(form, 'batchMax')),
      ...((lines.length > 0 || posted(form, 'noHeaders') !== '') && { headers }),
    },
  };
}

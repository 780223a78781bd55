/** The form of an international template, from what was posted to what the verbs take, and back into the fields. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { TemplateForm } from '../../schema/templates';
import { replaceLookAlikes } from '../../workers/rules/gsm-look-alikes';
import { parseTemplate } from '../../workers/rules/text-variables';
import { posted } from './forms';
import type { Refusal } from './outcome';

export const NEW_TEMPLATE: TemplateForm = { name: '', body: '', samples: {} };

/** Field of a variable's sample. */
export const sampleField = (variable: string): string => `sample:${variable}`;

export function readTemplate(form: JSONObject): TemplateForm {
  // Browsers post line ends as CRLF; a message counts and sends them as one character.
  const body = posted(form, 'body').replaceAll('\r\n', '\n');
  const names = [...new Set(parseTemplate(body).names)];
  return {
    name: posted(form, 'name'),
    body,
    samples: Object.fromEntries(names.map((name) => [name, posted(form, sampleField(name))])),
  };
}

/** The form again: refused, or with its text counted or changed as a button of it asked. */
export interface TemplateAnswer {
  readonly refusal: Refusal | null;
  readonly values: TemplateForm;
  /** ISO code that the price is shown of; '' = none. */
  readonly country: string;
}

export const templateAgain = (form: JSONObject, refusal: Refusal | null): TemplateAnswer => {
  const values = readTemplate(form);
  return {
    refusal,
    values: posted(form, 'intent') === 'replace' ? { ...values, body: replaceLookAlikes(values.body) } : values,
    country: posted(form, 'country'),
  };
};

/** Without script the text is counted, and look-alikes are put in, by posting the form. */
export const isSaved = (form: JSONObject): boolean => posted(form, 'intent') === '';

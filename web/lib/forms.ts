/** Reading what a form posted. Names are flat; a value that is no text (a file) is empty text. */
import type { JSONObject } from '@builder.io/qwik-city';

type Posted = Readonly<JSONObject> | FormData;

export function posted(form: Posted, name: string): string {
  const value: unknown = form instanceof FormData ? form.get(name) : form[name];
  return typeof value === 'string' ? value : '';
}

/** What an input shows again after a refusal. @param before what it showed first */
export const again = (form: FormData | undefined, name: string, before = ''): string => {
  const value = form?.get(name);
  return typeof value === 'string' ? value : before;
};

/** Values of check boxes that share the name `name[]`. */
export function postedList(form: Posted, name: string): string[] {
  const values: unknown = form instanceof FormData ? form.getAll(`${name}[]`) : form[name];
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
}

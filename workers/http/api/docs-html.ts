/** Pieces of which the reference pages are made. Every text is escaped here. */
import type { Words } from './docs-words';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** `code` and paragraphs of a text that people read. */
export const prose = (text: string): string =>
  escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll('\n\n', '<br>');

/** Something to copy. @param id unique on the page */
export const sample = (id: string, name: string, code: string, words: Words): string =>
  `<div class="sample"><div class="name"><span>${escapeHtml(name)}</span><button type="button" class="copy" data-of="${id}" data-done="${escapeHtml(words.copied)}" aria-label="${escapeHtml(`${words.copy}: ${name}`)}" hidden>${escapeHtml(words.copy)}</button></div><pre id="${id}" tabindex="0" role="region" aria-label="${escapeHtml(`${name} (${id})`)}">${escapeHtml(code)}</pre></div>`;

export const verb = (method: string, text = method): string => `<span class="verb ${method.toLowerCase()}">${escapeHtml(text)}</span>`;

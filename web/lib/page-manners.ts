/** What every page does in the browser before any chunk is fetched: small enough to travel inside the page. */
import { sync$ } from '@builder.io/qwik';

/**
 * A form goes off once: a second press while the answer is on its way does nothing. Sits on a container, so that a form that holds itself
 * back has said so before.
 */
export const sendOnce = sync$((event: SubmitEvent) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented) return;
  if (form.dataset['sent'] === 'yes') {
    event.preventDefault();
    return;
  }
  form.dataset['sent'] = 'yes';
  // Back from the next page, or after a file was given to save: the form may go off again.
  setTimeout(() => delete form.dataset['sent'], 8_000);
});

/** Menus close when one presses beside them or Escape. */
export const closeMenus = sync$((event: Event) => {
  if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open], details.pick[open], .dock details[open]')) {
    if (event instanceof KeyboardEvent) menu.querySelector('summary')?.focus();
    else if (menu.contains(event.target as Node)) continue;
    menu.open = false;
  }
});

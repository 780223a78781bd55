import { component$, useSignal, useVisibleTask$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';

/** Counts down on the clock of the page, so a wrong clock of the computer does not matter. Without script the button is simply there. */
export const ResendButton = component$<{ waitMs: number }>(({ waitMs }) => {
  const seconds = useSignal(Math.ceil(waitMs / 1000));
  const counting = useSignal(false);
  useVisibleTask$((task) => {
    const endsAt = performance.now() + waitMs;
    const tick = () => {
      seconds.value = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
      counting.value = seconds.value > 0;
      if (!counting.value) clearInterval(timer);
    };
    const timer = setInterval(tick, 500);
    tick();
    task.cleanup(() => clearInterval(timer));
  });
  return (
    <button type="submit" class="plain" disabled={counting.value}>
      {counting.value ? _`New code in ${seconds.value} s` : _`Send a new code`}
    </button>
  );
});

/** What the task form fetches with the first keystroke. */
export { textFacts } from './message-text';

/** What the task form fetches with the first keystroke. */
export { textFacts } from './message-text';
export { departures, OPT_OUT_LINE, tellsOptOut } from '../../workers/rules/mainland';

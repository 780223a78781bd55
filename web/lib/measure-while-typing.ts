/** What forms of texts fetch with the first keystroke. */
export { textFacts } from './message-text';
export { parseTemplate } from '../../workers/rules/text-variables';
export { replaceLookAlikes } from '../../workers/rules/gsm-look-alikes';
export { departures, OPT_OUT_LINE, tellsOptOut } from '../../workers/rules/mainland';

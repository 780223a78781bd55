/** One message of before July 2021: the page of a message, which knows by its path where it belongs. */
export { default, head, useMessage } from '../../../logs/[id]';

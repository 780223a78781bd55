/** The log of before July 2021: the page of the log, which knows by its path what it shows. */
export { default, head, useExport, useLog } from '../logs';

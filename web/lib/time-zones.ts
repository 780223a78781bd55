/** Time zones to choose from: those of the customers first, then every one that the runtime knows. */
const FIRST = [
  'Asia/Shanghai',
  'Asia/Hong_Kong',
  'Asia/Macau',
  'Asia/Taipei',
  'Asia/Singapore',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'UTC',
];

export function timeZones(current: string): readonly string[] {
  return [...new Set([current, ...FIRST, ...Intl.supportedValuesOf('timeZone')])];
}

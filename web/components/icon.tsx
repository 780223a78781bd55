/** Line icons on a 16 px grid, drawn in the colour of their text. */
const PATHS = {
  home: 'M2 7.5 8 2.5l6 5V14H10v-4H6v4H2z',
  globe: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c3 3.6 3 8.4 0 12M8 2c-3 3.6-3 8.4 0 12',
  chart: 'M3 13.5V8.5M8 13.5v-11M13 13.5v-8',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  upload: 'M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 13.5h11',
  person: 'M8 2.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5zM2.5 14c.8-4.2 10.2-4.2 11 0',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1.2 1.5H2.8zM6.7 14.2a1.5 1.5 0 0 0 2.6 0',
  chevron: 'M4.5 6.5 8 10l3.5-3.5',
  next: 'M6.5 4.5 10 8l-3.5 3.5',
  back: 'M9.5 4.5 6 8l3.5 3.5',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3M6 8.5h4M6 11h4',
  alert: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.7v.01',
  info: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.3v4M8 5v.01',
  refresh: 'M13 5.5A5.5 5.5 0 1 0 13.5 9M13.5 2.5v3h-3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.2v9.6L12.5 8z',
  stop: 'M4 4h8v8H4z',
  pen: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3z',
  trash: 'M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5 5 13.5h6l.5-9',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5v3.3l2.2 1.4',
  send: 'M2.5 7.5 13.5 2.5 10 13.5 7.5 9z',
  exit: 'M6.5 2.5H3v11h3.5M7 8h6.5M11 5.5 13.5 8 11 10.5',
  device: 'M4.5 1.8h7v12.4h-7zM7.2 12h1.6',
  key: 'M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8.3 7.7 2.5 13.5M4.5 11.5l2 2M6.5 9.5l1.5 1.5',
  block: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM3.8 3.8l8.4 8.4',
  link: 'M6.5 9.5 9.5 6.5M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5',
  empty: 'M2.5 9.5 4.5 3h7l2 6.5v4h-11zM2.5 9.5H6l.8 1.6h2.4l.8-1.6h3.5',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);

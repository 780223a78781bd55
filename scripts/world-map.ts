/**
 * Draws web/lib/world-map-data.ts from Natural Earth (npm world-atlas, public domain): the land as one outline, and where each country lies on
 * it. Only the result is shipped; run this again when a country is added. The map shows no borders, because volumes stand on it as
 * circles, and because borders differ with who draws them. Its middle is 150° E, as on Chinese maps of the world.
 *
 *   npx tsx scripts/world-map.ts && npx oxfmt web/lib/world-map-data.ts
 */
import { geoArea, geoCentroid, geoEqualEarth, geoPath, type GeoPermissibleObjects } from 'd3-geo';
import isoCountries from 'i18n-iso-countries';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { COUNTRIES } from '../workers/rules/countries';

const WIDTH = 800;
const MIDDLE_MERIDIAN = 150;
/** Islands smaller than this, in square units of the map, are left out of the outline. */
const SMALLEST_PIECE = 1.5;
/** Antarctica takes a sixth of the picture and gets no messages. */
const SOUTHERNMOST_LAND = -60;

/** Those that Natural Earth has as parts of others: longitude, latitude. */
const ELSEWHERE: Readonly<Record<string, readonly [number, number]>> = {
  AC: [-14.4, -7.9],
  AQ: [0, -60],
  BQ: [-68.3, 12.2],
  BV: [3.4, -54.4],
  CC: [96.9, -12.2],
  CX: [105.7, -10.5],
  GF: [-53.1, 3.9],
  GI: [-5.4, 36.1],
  GP: [-61.6, 16.3],
  MQ: [-61.0, 14.6],
  RE: [55.5, -21.1],
  SJ: [18, 78.8],
  TA: [-12.3, -37.1],
  TK: [-171.8, -9.2],
  TV: [179.2, -8.5],
  UM: [-176.5, 0.2],
  XK: [20.9, 42.6],
  YT: [45.2, -12.8],
};

type Atlas = Topology<{ land: GeometryCollection; countries: GeometryCollection }>;
const atlas = (name: string): Atlas => JSON.parse(readFileSync(fileURLToPath(name), 'utf8')) as Atlas;
const LAND_110M = atlas(import.meta.resolve('world-atlas/land-110m.json'));
const COUNTRIES_50M = atlas(import.meta.resolve('world-atlas/countries-50m.json'));

const projection = geoEqualEarth().rotate([-MIDDLE_MERIDIAN, 0]);
const whole: GeoPermissibleObjects = {
  type: 'MultiPoint',
  coordinates: [
    [MIDDLE_MERIDIAN - 179.9, 0],
    [MIDDLE_MERIDIAN + 179.9, 0],
    [MIDDLE_MERIDIAN, 83],
    [MIDDLE_MERIDIAN, -57],
  ],
};
projection.fitWidth(WIDTH, whole);
const height = Math.ceil(geoPath(projection).bounds(whole)[1][1]);

/** Pieces of the land with whole coordinates, small ones left out. */
function outline(): string {
  const { land } = LAND_110M.objects;
  const path = geoPath(projection).digits(0);
  const pieces: string[] = [];
  for (const { geometry } of feature(LAND_110M, land).features) {
    if (geometry.type !== 'MultiPolygon' && geometry.type !== 'Polygon') continue;
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    for (const coordinates of polygons) {
      const piece = { type: 'Polygon', coordinates } as const;
      if (geoCentroid(piece)[1] < SOUTHERNMOST_LAND || path.area(piece) < SMALLEST_PIECE) continue;
      pieces.push(relative(path(piece) ?? ''));
    }
  }
  return pieces.join('');
}

/** `M10,20L11,22L…Z` with relative steps, which are shorter; steps that go nowhere are left out. */
function relative(path: string): string {
  return path
    .split('Z')
    .filter((ring) => ring !== '')
    .map((ring) => {
      const points = ring
        .slice(1)
        .split('L')
        .map((point) => point.split(',').map(Number) as [number, number]);
      let [x, y] = points[0] ?? [0, 0];
      let text = `M${x} ${y}l`;
      for (const [toX, toY] of points.slice(1)) {
        if (toX === x && toY === y) continue;
        for (const step of [toX - x, toY - y]) text += text.endsWith('l') || step < 0 ? step : ` ${step}`;
        [x, y] = [toX, toY];
      }
      return `${text}z`;
    })
    .join('');
}

/** The middle of each country's largest piece, so that France lies in Europe. */
function places(): Record<string, readonly [number, number]> {
  const middles = new Map<string, readonly [number, number]>(Object.entries(ELSEWHERE));
  for (const { id, geometry } of feature(COUNTRIES_50M, COUNTRIES_50M.objects.countries).features) {
    const code = id === undefined ? undefined : isoCountries.numericToAlpha2(id);
    if (code === undefined || middles.has(code)) continue;
    if (geometry.type === 'Polygon') middles.set(code, geoCentroid(geometry));
    if (geometry.type !== 'MultiPolygon') continue;
    const [largest] = geometry.coordinates
      .map((coordinates) => ({ type: 'Polygon', coordinates }) as const)
      .toSorted((a, b) => geoArea(b) - geoArea(a));
    if (largest) middles.set(code, geoCentroid(largest));
  }
  return Object.fromEntries(
    COUNTRIES.toSorted((a, b) => (a.iso2 < b.iso2 ? -1 : 1)).map(({ iso2 }) => {
      const middle = middles.get(iso2);
      const point = middle && projection([middle[0], middle[1]]);
      if (!point) throw new Error(`${iso2} is nowhere: add it to ELSEWHERE`);
      return [iso2, [Math.round(point[0]), Math.min(height, Math.round(point[1]))] as const];
    }),
  );
}

writeFileSync(
  'web/lib/world-map-data.ts',
  `/** Made by scripts/world-map.ts from Natural Earth; not to be edited by hand. */
export const MAP_WIDTH = ${WIDTH};
export const MAP_HEIGHT = ${height};
export const LAND = ${JSON.stringify(outline())};
/** Where a country lies, by ISO code. */
export const PLACES: Readonly<Record<string, readonly [x: number, y: number]>> = ${JSON.stringify(places())};
`,
);

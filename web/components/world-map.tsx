/**
 * Volume by country on a map: circles whose area is the number of messages, on the land without borders. Hong Kong and Singapore would be
 * unseen in a map of coloured countries, and they are where many messages go. Seen only: the same figures stand in a table beside it.
 */
import { _ } from 'compiled-i18n';
import type { Iso2 } from '../../schema/ids';
import type { Locale } from '../../schema/states';
import { number, share } from '../lib/numbers';
import { LAND, MAP_HEIGHT, MAP_WIDTH, PLACES } from '../lib/world-map-data';

export interface MapCountry {
  readonly country: Iso2;
  readonly name: string;
  readonly messages: number;
  readonly delivered: number;
}

interface WorldMapProps {
  readonly countries: readonly MapCountry[];
  readonly locale: Locale;
}

/** Of the largest circle, in units of the map. */
const LARGEST_RADIUS = 26;
/** A single message is still a dot. */
const SMALLEST_RADIUS = 2.2;

export const WorldMap = ({ countries, locale }: WorldMapProps) => {
  const most = Math.max(1, ...countries.map(({ messages }) => messages));
  const radius = (messages: number): number => Math.max(SMALLEST_RADIUS, Math.sqrt(messages / most) * LARGEST_RADIUS);
  return (
    <svg class="world" viewBox={`0 0 ${MAP_WIDTH} ${MAP_HEIGHT}`} aria-hidden="true" focusable="false">
      <path class="land" d={LAND} />
      {countries
        .filter(({ messages }) => messages > 0)
        .toSorted((a, b) => b.messages - a.messages)
        .map(({ country, name, messages, delivered }) => {
          const place = PLACES[country];
          return (
            place && (
              <circle key={country} cx={place[0]} cy={place[1]} r={radius(messages).toFixed(1)}>
                <title>{`${name}  ${_`Sent`} ${number(messages, locale)} · ${_`Delivery rate`} ${share(delivered, messages, locale)}`}</title>
              </circle>
            )
          );
        })}
    </svg>
  );
};

/** /v1/blacklist: of the key that asks. */
import {
  Blacklist,
  BlacklistAdded,
  BlacklistCountries,
  BlacklistNumbers,
  BlacklistPage,
  BlacklistQuery,
  BlacklistRemoved,
} from '../../../schema/api/account';
import { rowRejectionText } from '../../../schema/errors';
import type { NumberRejected } from '../../../schema/keys';
import type { Locale } from '../../../schema/states';
import { addToBlacklist, listBlacklist, readBlacklist, removeFromBlacklist, setBlacklistedCountries } from '../../tenancy/blacklist';
import { operation, type Operation } from './operation';
import { e164, instant } from './words';

const TAG = 'Blacklist';
const rejectedView = (rejected: readonly NumberRejected[], locale: Locale) =>
  rejected.map(({ input, code }) => ({ number: input, code, detail: rowRejectionText(code, locale) }));

const read = operation({
  method: 'GET',
  path: '/v1/blacklist',
  id: 'getBlacklist',
  tag: TAG,
  summary: { en: 'How many numbers are on the blacklist of the key, and which countries', zh: '本 Key 黑名单的号码数与国家' },
  answers: { 200: { text: 'The blacklist.', shape: Blacklist } },
  errors: [],
  answer: async ({ actor, key, context }) => ({ status: 200, body: await readBlacklist(context.gateways, actor, key.id) }),
});

const list = operation({
  method: 'GET',
  path: '/v1/blacklist/numbers',
  id: 'listBlacklistNumbers',
  tag: TAG,
  summary: { en: 'The numbers on the blacklist', zh: '黑名单号码列表' },
  query: BlacklistQuery,
  answers: { 200: { text: 'One page.', shape: BlacklistPage } },
  errors: [],
  async answer({ actor, key, context, query }) {
    const page = await listBlacklist(context.gateways, actor, key.id, query.cursor ?? null, query.limit);
    const numbers = page.rows.map(({ digits, addedAt, reason }) => ({ number: e164(digits), added_at: instant(addedAt), reason }));
    return { status: 200, body: { numbers, cursor: page.cursor } };
  },
});

const add = operation({
  method: 'POST',
  path: '/v1/blacklist/numbers',
  id: 'addBlacklistNumbers',
  tag: TAG,
  summary: { en: 'Add numbers, up to 10,000 at once', zh: '添加号码，一次最多 10,000 个' },
  body: BlacklistNumbers,
  answers: { 200: { text: 'How many were new.', shape: BlacklistAdded } },
  errors: [],
  isRepeatable: true,
  async answer({ actor, key, context, body }) {
    const { added, rejected } = await addToBlacklist(context.gateways, actor, key.id, body.numbers);
    return { status: 200, body: { added, rejected: rejectedView(rejected, context.locale) } };
  },
});

const remove = operation({
  method: 'POST',
  path: '/v1/blacklist/numbers/remove',
  id: 'removeBlacklistNumbers',
  tag: TAG,
  summary: { en: 'Remove numbers, up to 10,000 at once', zh: '移除号码，一次最多 10,000 个' },
  body: BlacklistNumbers,
  answers: { 200: { text: 'How many were there.', shape: BlacklistRemoved } },
  errors: [],
  isRepeatable: true,
  async answer({ actor, key, context, body }) {
    const { removed, rejected } = await removeFromBlacklist(context.gateways, actor, key.id, body.numbers);
    return { status: 200, body: { removed, rejected: rejectedView(rejected, context.locale) } };
  },
});

const countries = operation({
  method: 'PUT',
  path: '/v1/blacklist/countries',
  id: 'setBlacklistCountries',
  tag: TAG,
  summary: { en: 'Set the countries that the key must not send to', zh: '设置禁止发送的国家/地区' },
  body: BlacklistCountries,
  answers: { 200: { text: 'The blacklist.', shape: Blacklist } },
  errors: [],
  async answer({ actor, key, context, body }) {
    await setBlacklistedCountries(context.gateways, actor, key.id, body.countries);
    return { status: 200, body: await readBlacklist(context.gateways, actor, key.id) };
  },
});

export const BLACKLIST_OPERATIONS: readonly Operation[] = [read, list, add, remove, countries];

/** The console's verbs about keys and their blacklists. */
import type { BlacklistServices, KeyServices } from '../../schema/keys';
import { PAGE_ROWS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { addKeySecret, limitKey, removeKeySecret, switchKey } from '../keys/change';
import { signWithKey, unsignKey } from '../keys/signature';
import { listBlacklistImports, showBlacklistImport, startBlacklistImport } from '../keys/import-blacklist';
import { findKey, listKeys } from '../keys/view';
import { addToBlacklist, readBlacklist, removeFromBlacklist, setBlacklistedCountries } from '../tenancy/blacklist';
import { listBlacklistWithCauses } from '../tenancy/blacklist-causes';

export const bindKeys = (gateways: Gateways): KeyServices => ({
  list: (actor) => listKeys(gateways, actor),
  find: (actor, id) => findKey(gateways, actor, id),
  limit: (actor, id, limits) => limitKey(gateways, actor, id, limits),
  switchOn: (actor, id, enabled) => switchKey(gateways, actor, id, enabled),
  addSecret: (actor, id) => addKeySecret(gateways, actor, id),
  removeSecret: (actor, id, n) => removeKeySecret(gateways, actor, id, n),
  sign: (actor, id, method) => signWithKey(gateways, actor, id, method),
  unsign: (actor, id) => unsignKey(gateways, actor, id),
});

export const bindBlacklist = (gateways: Gateways): BlacklistServices => ({
  counts: (actor, key) => readBlacklist(gateways, actor, key),
  list: (actor, key, cursor, search) => listBlacklistWithCauses(gateways, actor, key, cursor, search, PAGE_ROWS),
  add: (actor, key, numbers) => addToBlacklist(gateways, actor, key, numbers),
  remove: (actor, key, numbers) => removeFromBlacklist(gateways, actor, key, numbers),
  startImport: (actor, key, upload) => startBlacklistImport(gateways, actor, key, upload),
  imports: (actor, key) => listBlacklistImports(gateways, actor, key),
  import: (actor, id) => showBlacklistImport(gateways, actor, id),
  setCountries: (actor, key, countries) => setBlacklistedCountries(gateways, actor, key, countries),
});

/**
 * `npm run operator:add -- --email a@b.example --name "Name" [--env production|staging|local] [--locale zh-CN|en]`: an operator who can open
 * accounts. Prints a first password, which must be changed at the first sign-in. For an e-mail that is there already: a new first password,
 * switched on again, every session of theirs over.
 */
import './platform/quiet';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newOperatorId } from '../schema/ids';
import { LOCALES } from '../schema/states';
import { hashPassword, newFirstPassword } from '../workers/tenancy/passwords';
import { runTool } from './platform/command';
import { readSettings } from './platform/settings';

const { values } = parseArgs({
  options: {
    email: { type: 'string' },
    name: { type: 'string' },
    env: { type: 'string', default: 'production' },
    locale: { type: 'string', default: 'zh-CN' },
  },
});
const email = values.email?.trim().toLowerCase() ?? '';
const name = values.name?.trim() ?? '';
const locale = LOCALES.find((known) => known === values.locale);
if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || name === '' || !locale) {
  console.error('usage: npm run operator:add -- --email a@b.example --name "Name" [--env production|staging|local] [--locale zh-CN|en]');
  process.exit(1);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const password = newFirstPassword();
const now = Date.now();
const cells = [newOperatorId(), name, email, await hashPassword(password), locale].map(quoted);
const [id, shownName, address, hash, language] = cells;
const sql = `INSERT INTO operators (id, name, email, password_hash, must_change_password, locale, enabled, created_at)
  VALUES (${id}, ${shownName}, ${address}, ${hash}, 1, ${language}, 1, ${now})
  ON CONFLICT (email) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash, must_change_password = 1, enabled = 1;
DELETE FROM operator_sessions WHERE operator_id = (SELECT id FROM operators WHERE email = ${address});
INSERT INTO audit_log (operator_id, action, subject, address, at)
  SELECT id, 'operator_added', id, 'operator:add', ${now} FROM operators WHERE email = ${address};
`;

// Through a file: a command line can be read by anybody on this machine.
const folder = await mkdtemp(join(tmpdir(), 'jmc-operator-'));
try {
  const file = join(folder, 'operator.sql');
  await writeFile(file, sql, { mode: 0o600 });
  const target = values.env === 'local' ? ['--local', '--persist-to', readSettings().stateFolder] : ['--remote', '--env', values.env];
  await runTool('wrangler', ['d1', 'execute', 'DB', ...target, '--file', file, '--yes']);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${email}: first password ${password}  (sign in at PUBLIC_URL/operators)`);

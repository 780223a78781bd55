/** One-time codes on their way to their owner: by mail, or as a message of the platform's own. Never logged. */
import { randomInt } from 'node:crypto';
import { AppError } from '../../schema/errors';
import type { Gateways } from '../gateways';
import { sendMail } from '../gateways/mail';
import { addLocalMail } from '../gateways/stores/local-mails';
import type { KnownLogin } from '../gateways/stores/users';
import { acceptMessages } from '../messages/accept';
import { parsePhone } from '../rules/phone';
import { measureText } from '../rules/sms-parts';
import { codeMailText, codeSmsText, type CodePurpose } from './mail-texts';
import type { SignInAccount } from './realm';
import { SYSTEM_KEY, SYSTEM_SENDER, SYSTEM_TENANT } from './system-tenant';

const CODES = 1_000_000;

/** Six digits, each number as likely as any other. */
export const newCode = (): string => String(randomInt(CODES)).padStart(6, '0');

/** Goes to what was typed: whoever signs in with a phone has it at hand. */
export async function sendCode(
  gateways: Gateways,
  account: Pick<SignInAccount, 'locale'>,
  login: KnownLogin,
  purpose: CodePurpose,
  code: string,
  now: number,
): Promise<void> {
  if ('email' in login) {
    const { subject, text } = codeMailText(account.locale, purpose, code);
    await sendMail(gateways, { to: login.email, subject, text }, now);
    return;
  }
  const text = codeSmsText(account.locale, purpose, code);
  if (gateways.env.ENVIRONMENT === 'local') {
    await addLocalMail(gateways.database, { channel: 'sms', recipient: `+${login.digits}`, subject: '', body: text, at: now });
  }
  await sendAsMessage(gateways, login.digits, text, now);
}

/** The platform is its own customer: the code takes the road of every transactional message. @throws rate_limited */
async function sendAsMessage(gateways: Gateways, digits: string, text: string, now: number): Promise<void> {
  const stores = gateways.tenant(SYSTEM_TENANT);
  const [key, prices] = await Promise.all([stores.keys.find(SYSTEM_KEY), stores.prices()]);
  const phone = parsePhone(digits);
  if (!key || !phone.valid) throw new Error(key ? 'a stored phone is no phone' : 'the platform has no key for its own codes');
  const request = { credential: { kind: 'platform' }, address: null, recipientsJson: '[]', repeat: null } as const;
  const admission = await gateways.objects.keyGate(SYSTEM_KEY).admitRequest(request);
  if (admission.kind === 'rate_limited') throw new AppError('rate_limited');
  if (admission.kind !== 'admitted') throw new Error(`the key for the platform's own codes is refused: ${admission.kind}`);
  const { parts } = measureText(text, 'auto');
  const priceMicros = (prices[phone.country] ?? 0) * parts;
  await acceptMessages(
    gateways,
    {
      tenant: SYSTEM_TENANT,
      key: SYSTEM_KEY,
      traffic: 'transactional',
      carrierAccount: key.carrierAccountId,
      test: false,
      textType: 'auto',
      messages: [{ to: digits, country: phone.country, sender: SYSTEM_SENDER, text, parts, priceMicros, ref: null }],
      repeatKey: null,
    },
    now,
  );
}

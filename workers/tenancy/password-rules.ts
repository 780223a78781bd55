/** What a new password must be: long, nobody's first guess, and not made of what everybody knows about its owner. Length does more than symbols (NIST SP 800-63B §3.1.1.2). */
import { AppError, type FieldErrorCode } from '../../schema/errors';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from '../../schema/limits';

/** The commonest of at least PASSWORD_MIN_LENGTH characters in leaked lists, Chinese ones among them; without case, blanks and signs. */
const COMMONEST = new Set(
  (
    '1234567890 0123456789 0987654321 9876543210 12345678910 123456789a a123456789 a1234567890 123456789q q123456789 1q2w3e4r5t 1q2w3e4r5t6y ' +
    'qwertyuiop qwertyuiop123 qwerty12345 qwerty123456 asdfghjkl123 zxcvbnm123 1qaz2wsx3edc qazwsxedcrfv 1qazxsw23edc password12 password123 ' +
    'password1234 passw0rd123 p4ssw0rd123 password2024 password2025 password2026 admin12345 admin123456 administrator root123456 welcome123 ' +
    'welcome1234 letmein123 iloveyou123 iloveyou520 woaini1314 woaini520 woaini5201314 5201314520 1314520520 5201314woaini woaini123456 ' +
    'abc1234567 abcd123456 abc123456789 abcdefghij abcdefg123 abcdef123456 aa12345678 aa123456789 qq123456789 wang123456 zhang123456 li123456789 ' +
    'a5201314520 asd123456789 zxc123456789 qwe123456789 qweasdzxc123 asdf123456 jinmu12345 jinmu123456 computer123 football123 baseball123 ' +
    'changeme123 changeme1234 default123 testtest123 test123456 test1234567 guest123456 superman123 sunshine123 princess123'
  ).split(' '),
);

const OWN_WORD_MIN = 3;
/** What must be left of a password without its owner's name, or the name was most of it. */
const REST_MIN = 6;

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '');

/** The disguises that everybody knows: `P@ssw0rd`. */
const DISGUISES: Readonly<Record<string, string>> = { '@': 'a', $: 's', '0': 'o', '!': 'i' };
const undisguised = (text: string): string => plain(text.replace(/[@$0!]/g, (sign) => DISGUISES[sign] ?? sign));

/** `aaaaaaaaaa`, `abababab…`: a short piece again and again. */
const isRepetition = (text: string): boolean => /^(.{1,4}?)\1+.{0,3}$/u.test(text);

/** `abcdefghij`, `9876543210`: each character follows the one before it. */
function isSequence(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const step = (codes[1] ?? 0) - (codes[0] ?? 0);
  return Math.abs(step) === 1 && codes.every((code, at) => at === 0 || code - (codes[at - 1] ?? 0) === step);
}

/** @param about what is known of the owner: e-mail, name, phone digits */
function isWeak(password: string, about: readonly string[]): boolean {
  const text = plain(password);
  if (COMMONEST.has(text) || COMMONEST.has(undisguised(password)) || isRepetition(text) || isSequence(text)) return true;
  return about
    .flatMap((known) => [plain(known), plain(known.split('@')[0] ?? '')])
    .some((word) => word.length >= OWN_WORD_MIN && text.includes(word) && text.replaceAll(word, '').length < REST_MIN);
}

/** @throws invalid_request on the field `password` */
export function refuseWeakPassword(password: string, about: readonly string[]): void {
  const length = Array.from(password).length;
  const refuse = (code: FieldErrorCode, details: Record<string, number> = {}): never => {
    throw new AppError('invalid_request', { fields: [{ field: 'password', code, details }] });
  };
  if (length === 0) refuse('required');
  if (length < PASSWORD_MIN_LENGTH) refuse('too_short', { min: PASSWORD_MIN_LENGTH });
  if (length > PASSWORD_MAX_LENGTH) refuse('too_long', { max: PASSWORD_MAX_LENGTH });
  if (isWeak(password, about)) refuse('password_weak');
}

/** Vonage's own SDK as the tests use it: its way of verifying a webhook. */
import { Vonage } from '@vonage/server-sdk';
import type { SignatureMethod } from '../../workers/rules/vonage-words';

export const SIGNATURE_SECRET = 'demo-signature-secret';
const { sms } = new Vonage({ apiKey: 'demo-account', apiSecret: 'demo-secret' });
type Algorithm = Parameters<typeof sms.verifySignature>[3];

/** The SDK's names for the methods; it exports the enumeration from a package that we do not depend on. */
const ALGORITHMS = { md5hash: 'MD5HASH', md5: 'MD5HMAC', sha1: 'SHA1HMAC', sha256: 'SHA256HMAC', sha512: 'SHA512HMAC' } as const;

export const sdkVerifies = (fields: Record<string, string>, method: Exclude<SignatureMethod, 'none'> = 'sha256'): boolean =>
  sms.verifySignature(fields.sig ?? '', fields, SIGNATURE_SECRET, ALGORITHMS[method] as Algorithm);

/** The signature secret of a key, for clients that speak to it as to Vonage. */
import { _ } from 'compiled-i18n';
import { SIGNATURE_METHODS } from '../../schema/keys';
import type { Refusal } from '../lib/outcome';
import { AskFirst } from './ask-first';
import { SelectField } from './field';
import { Note } from './note';

interface KeySignatureProps {
  readonly method: string | null;
  readonly sign: string;
  readonly unsign: string;
  readonly refusal: Refusal | undefined;
  readonly mayChange: boolean;
}

export const KeySignature = ({ method, sign, unsign, refusal, mayChange }: KeySignatureProps) => (
  <section class="card" aria-labelledby="signature-title">
    <div class="title">
      <h2 id="signature-title">{_`Signatures (Vonage-compatible)`}</h2>
      <span class={['badge', method === null ? 'wait' : 'ok']}>{method === null ? _`No signature secret` : method}</span>
    </div>
    <div class="in stack">
      <p class="muted">
        {_`With a signature secret, clients of /sms/json may sign requests (sig) instead of sending the secret, and the receipts to their callback are signed.`}
      </p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      {mayChange && (
        <form method="post" action={sign} class="fields" noValidate>
          <SelectField
            name="method"
            label={_`Signature method`}
            value={method ?? 'sha256'}
            error={refusal?.fields['method']}
            options={SIGNATURE_METHODS.map((one) => ({ value: one, label: one === 'md5hash' ? 'MD5 hash' : `HMAC ${one.toUpperCase()}` }))}
            help={method === null ? undefined : _`A new one ends the one before at once.`}
          />
          <div>
            <button type="submit" class="btn">{_`New signature secret`}</button>
          </div>
        </form>
      )}
      {mayChange && method !== null && (
        <AskFirst
          id="unsign"
          label={_`End the signature secret`}
          icon="trash"
          question={_`End the signature secret?`}
          action={unsign}
          field={{ name: 'end', value: 'signature' }}
        >
          {_`Signed requests are refused at once, and receipts are no longer signed.`}
        </AskFirst>
      )}
    </div>
  </section>
);

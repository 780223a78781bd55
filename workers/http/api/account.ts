/** /v1/estimate and /v1/balance. */
import { Balance } from '../../../schema/api/account';
import { EstimateAnswer, EstimateRequest } from '../../../schema/api/messages';
import { AppError } from '../../../schema/errors';
import { TEXT_MAX_CHARACTERS } from '../../../schema/limits';
import { rememberedPrices } from '../../gateways/stores/api-keys';
import { estimate } from '../../messages/estimate';
import { balance } from '../../tenancy/balance';
import { operation, type Operation } from './operation';
import { e164, money } from './words';

const postEstimate = operation({
  method: 'POST',
  path: '/v1/estimate',
  id: 'estimate',
  tag: 'Messages',
  summary: { en: 'Encoding, parts, countries and price of a text, without sending it', zh: '试算编码、计费条数、国家与价格，不发送' },
  description: 'To the part and the cent what sending would take. Variables are not filled.',
  body: EstimateRequest,
  answers: { 200: { text: 'What it would cost.', shape: EstimateAnswer } },
  errors: [],
  isRepeatable: true,
  async answer({ body, key, context }) {
    const prices = key.test ? null : await rememberedPrices(context.gateways, key.tenant);
    const numbers = typeof body.to === 'string' ? [body.to] : body.to;
    const { encoding, characters, parts, recipients, totalMicros } = estimate(body.text, body.type, numbers, prices);
    if (characters > TEXT_MAX_CHARACTERS) {
      throw new AppError('invalid_request', { fields: [{ field: 'text', code: 'too_long', details: { max: TEXT_MAX_CHARACTERS } }] });
    }
    return {
      status: 200,
      body: {
        encoding,
        characters,
        parts,
        recipients: recipients.map(({ input, digits, country, type, priceMicros }) => ({
          input,
          valid: digits !== null,
          e164: digits === null ? null : e164(digits),
          country,
          number_type: type,
          price: priceMicros === null ? null : money(priceMicros),
        })),
        total: money(totalMicros),
      },
    };
  },
});

const getBalance = operation({
  method: 'GET',
  path: '/v1/balance',
  id: 'getBalance',
  tag: 'Account',
  summary: { en: 'What the tenant has', zh: '查询余额' },
  answers: { 200: { text: 'The balance.', shape: Balance } },
  errors: [],
  async answer({ actor, context }) {
    const { balanceMicros, reservedMicros, availableMicros } = await balance(context.gateways, actor);
    return {
      status: 200,
      body: { balance: money(balanceMicros), reserved: money(reservedMicros), available: money(availableMicros) },
    };
  },
});

export const ACCOUNT_OPERATIONS: readonly Operation[] = [postEstimate, getBalance];

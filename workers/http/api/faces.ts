/** The faces for clients that only change their host: each path by GET and by POST. */
import type { IRequest } from 'itty-router';
import type { z } from 'zod';
import {
  AccountAnswer,
  AccountParameters,
  AccountRefusal,
  BalanceParameters,
  BetaParameters,
  CallbackParameters,
  CheckParameters,
  JmcAnswer,
  JmcCallbackAnswer,
  SmsAnswer,
  SmsParameters,
} from '../../../schema/api/faces';
import type { RequestContext } from '../context';
import { betaSend, legacyBalance, sendCallback, sendV2Check } from './legacy';
import type { Said } from './operation';
import { accountBalance, smsJson } from './vonage';

export interface Face {
  readonly path: `/${string}`;
  readonly id: string;
  readonly tag: string;
  readonly summary: Said;
  readonly parameters: z.ZodType;
  readonly shape: z.ZodType;
  /** Basic authentication stands for its parameters. */
  readonly takesBasic?: boolean;
  /** Status → what it means, where it is not 200 for all. */
  readonly refusals?: Readonly<Record<number, { readonly text: string; readonly shape: z.ZodType }>>;
  readonly answer: (request: IRequest, context: RequestContext) => Promise<Response>;
}

const JMC = 'Original JMC';
const VONAGE = 'Vonage-compatible';

export const FACES: readonly Face[] = [
  {
    path: '/send/v2/check',
    id: 'jmcSend',
    tag: JMC,
    summary: { en: 'Send one message', zh: '发送一条短信' },
    parameters: CheckParameters,
    shape: JmcAnswer,
    answer: sendV2Check,
  },
  {
    path: '/sendCallback',
    id: 'jmcSendCallback',
    tag: JMC,
    summary: { en: 'Send one message, without a secret, with a callback', zh: '发送一条短信（免密，带回调）' },
    parameters: CallbackParameters,
    shape: JmcCallbackAnswer,
    answer: sendCallback,
  },
  {
    path: '/getBalance',
    id: 'jmcBalance',
    tag: JMC,
    summary: { en: 'The balance', zh: '查询余额' },
    parameters: BalanceParameters,
    shape: JmcAnswer,
    answer: legacyBalance,
  },
  {
    path: '/beta/send',
    id: 'jmcBetaSend',
    tag: JMC,
    summary: { en: 'Send one message; `data` is its id', zh: '发送一条短信，data 为短信 ID' },
    parameters: BetaParameters,
    shape: JmcAnswer,
    answer: betaSend,
  },
  {
    path: '/sms/json',
    id: 'vonageSend',
    tag: VONAGE,
    summary: { en: 'Send one message, as Vonage’s SMS API', zh: '按 Vonage SMS API 发送一条短信' },
    parameters: SmsParameters,
    shape: SmsAnswer,
    takesBasic: true,
    answer: smsJson,
  },
  {
    path: '/account/get-balance',
    id: 'vonageBalance',
    tag: VONAGE,
    summary: { en: 'The balance, as Vonage’s Account API', zh: '按 Vonage Account API 查询余额' },
    parameters: AccountParameters,
    shape: AccountAnswer,
    takesBasic: true,
    refusals: {
      401: { text: 'The credentials are not right.', shape: AccountRefusal },
      429: { text: 'Too many requests.', shape: AccountRefusal },
    },
    answer: accountBalance,
  },
];

/** What every route handler gets besides the request. */
import type { Actor, ConsoleServices } from '../../schema/console';
import type { Operator, OperatorServices } from '../../schema/operators';
import { LOCALES, type Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { preferredLocale } from '../rules/accept-language';

export interface RequestContext {
  readonly gateways: Gateways;
  readonly services: ConsoleServices;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly url: URL;
  readonly locale: Locale;
  /** Client address as Cloudflare saw it. */
  readonly address: string;
  readonly userAgent: string;
  /** Goes into every problem document and every log line of this request. */
  readonly requestId: string;
  /** null where no session came along; guards.signedIn refuses then. */
  readonly actor: Actor | null;
  /** Set on the operators' own paths only, where `actor` is null. */
  readonly operator: Operator | null;
  /** Signed in, but at the other of the two doors: what is behind this one does not exist for them. */
  readonly isStranger: boolean;
  readonly operatorServices: OperatorServices;
}

/** Language of the answer: the session's, then the cookie's, then the browser's; Chinese where nothing is said. */
export function chooseLocale(request: Request, actor: Actor | null): Locale {
  if (actor) return actor.locale;
  const cookie = /(?:^|;\s*)lang=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  const known = LOCALES.find((locale) => locale === cookie);
  if (known) return known;
  return preferredLocale(request.headers.get('accept-language')) ?? 'zh-CN';
}

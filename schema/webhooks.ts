/** What the console and the API say of endpoints and inbound messages, and the verbs behind the console's pages about them. */
import type { Actor, Page } from './console';
import type { EndpointId, KeyId } from './ids';
import type { LaneAttempt, LaneState, ReplayWish } from './protocol/webhook-lane';
import type { EndpointTrouble, WebhookEvent } from './states';

/** An endpoint as its customer sees it. Secrets are shown when they are made, and by their own call; values of headers never again. */
export interface EndpointView {
  readonly id: EndpointId;
  /** `callback`: stands for the callback URLs of calls and tasks that lead to this origin. */
  readonly kind: 'endpoint' | 'callback';
  readonly name: string;
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly events: readonly WebhookEvent[];
  readonly batchMax: number;
  readonly enabled: boolean;
  /** Why the platform switched it off. */
  readonly trouble: EndpointTrouble | null;
  readonly headerNames: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is not named stays, or takes its default: POST, receipts, one event a request, on. */
export interface EndpointForm {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly batchMax?: number | undefined;
  readonly enabled?: boolean | undefined;
  /** All of them: what is not named is gone. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A message from a handset. */
export interface InboundView {
  readonly id: string;
  /** E.164 digits, both. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly parts: number;
  readonly complete: boolean;
  readonly optOut: boolean;
  readonly receivedAt: number;
}

/** Stands for all callback URLs of calls and tasks, which share the tenant's secret. */
export const CALLBACKS = 'callbacks';

export interface WebhookServices {
  list(actor: Actor): Promise<readonly EndpointView[]>;
  find(actor: Actor, id: EndpointId): Promise<EndpointView & LaneState>;
  /** @returns the signing secret, this once */
  create(actor: Actor, form: EndpointForm): Promise<{ readonly id: EndpointId; readonly secret: string }>;
  edit(actor: Actor, id: EndpointId, form: EndpointForm): Promise<EndpointView>;
  remove(actor: Actor, id: EndpointId): Promise<void>;
  /** A new secret, this once; the one before signs beside it for a day. */
  replaceSecret(actor: Actor, owner: EndpointId | typeof CALLBACKS): Promise<{ readonly secret: string }>;
  /** Sends a test event now and says what came back. */
  sendTest(actor: Actor, id: EndpointId): Promise<LaneAttempt>;
  /** Newest first. */
  attempts(actor: Actor, id: EndpointId, cursor: string | null, delivery?: string): Promise<Page<LaneAttempt>>;
  /** How many requests will go out. */
  replay(actor: Actor, id: EndpointId, wish: ReplayWish): Promise<{ readonly deliveries: number }>;
  /** Newest first. */
  inbound(actor: Actor, cursor: string | null): Promise<Page<InboundView>>;
  /** What is answered to opt-outs, and whose message it is; null = nothing. */
  optOutReply(actor: Actor): Promise<{ readonly text: string | null; readonly key: KeyId | null }>;
  /** Of owners. @throws AppError forbidden, not_found, invalid_request naming `text` */
  setOptOutReply(actor: Actor, key: KeyId, text: string | null): Promise<void>;
}

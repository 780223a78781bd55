/** What callers and a WebhookLane say to each other. All calls are idempotent or say what a repeat does. */
import type { EndpointId } from '../ids';

/**
 * One event for a lane. `key` names it for ever (message id and state, inbound id): a repeat is dropped. `body` is JSON text, as it goes
 * out. `url`: where this event goes instead of the endpoint's own address; such events travel alone.
 */
export type LaneEvent = [key: string, type: string, body: string, url?: string | null];

/** `lane full`: nothing was taken, come again in a while. */
export type LaneAnswer = { readonly kind: 'taken'; readonly events: number; readonly repeats: number } | { readonly kind: 'full' };

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One request to the customer, or what it comes to be: `status` null = no answer, `error` says why. Never holds a secret. */
export interface LaneAttempt {
  /** Grows with time; the cursor of the log. */
  readonly n: number;
  /** `webhook-id` of the request; a replay and a retry have the same. */
  readonly delivery: string;
  readonly at: number;
  readonly durationMs: number;
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  /** `timeout`, `unreachable`, `redirect`, `status`, `refused_address`; null when it was taken. */
  readonly error: string | null;
  /** First bytes of the customer's answer, as text. */
  readonly answer: string;
  readonly events: number;
  readonly deliveryState: DeliveryState;
  /** When the delivery is tried again, ms UTC; null = not. */
  readonly nextAt: number | null;
  /** What was sent. */
  readonly body: string;
}

export interface LaneState {
  /** Events not yet taken by the customer and not given up. */
  readonly waiting: number;
  /** Since when nothing was taken, ms UTC; null = the last try was well. */
  readonly failingSince: number | null;
  readonly nextAt: number | null;
}

export type ReplayWish =
  | { readonly delivery: string }
  /** By the time when they were made; `failed` = only those given up. */
  | { readonly from: number; readonly until: number; readonly which: 'failed' | 'all' };

/** One per customer endpoint. */
export interface WebhookLaneApi {
  /** @param eventsJson JSON array text of LaneEvent. Durable when it returns. */
  announce(endpoint: EndpointId, eventsJson: string): Promise<LaneAnswer>;
  /** The endpoint was changed, switched on or off: looks again and goes on. */
  refresh(endpoint: EndpointId): Promise<void>;
  /** Sends one event now, once, whatever else waits. null = there is no such endpoint. */
  sendNow(endpoint: EndpointId, event: LaneEvent): Promise<LaneAttempt | null>;
  /** Newest first: attempts with a number below `before`. */
  attempts(before: number | null, limit: number, delivery?: string): Promise<readonly LaneAttempt[]>;
  /** Sends again what is still kept. @returns how many deliveries will go out */
  replay(endpoint: EndpointId, wish: ReplayWish): Promise<number>;
  state(): Promise<LaneState>;
  /** The endpoint is gone: forgets everything. */
  discard(): Promise<void>;
}

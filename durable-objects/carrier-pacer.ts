/**
 * One per carrier account: who may send how many messages now. An object, because the account's limit is one for all tenants and all
 * Workers. Everything is in memory: an eviction forgets a second's worth of tokens, who was slowed down, and what
 * went out in the last minute, in which nobody asked.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { TrafficKind } from '../schema/states';
import type { CarrierPacerApi } from '../schema/protocol/objects';
import { Pace } from './carrier-pacer/pace';

export class CarrierPacer extends DurableObject<Env> implements CarrierPacerApi {
  readonly #pace = new Pace();

  async lease(request: {
    readonly perSecond: number;
    readonly task: string;
    readonly traffic: TrafficKind;
    readonly want: number;
  }): Promise<{ readonly granted: number; readonly waitMs: number }> {
    return this.#pace.lease(request, Date.now());
  }

  async throttled(): Promise<void> {
    this.#pace.slowDown(Date.now());
  }

  async recent(): Promise<number> {
    return this.#pace.recent(Date.now());
  }
}

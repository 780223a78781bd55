/** Crashes in tests: of whatever is done through gateways. */

/** Dies at its n-th step, before it or after it took effect; whatever would come after does not happen. */
export class Death {
  steps = 0;
  isDead = false;
  readonly #at: number;
  readonly #takesEffect: boolean;

  constructor(at: number, takesEffect: boolean) {
    this.#at = at;
    this.#takesEffect = takesEffect;
  }

  /** @param isStep whether a call of this name may be its last; those that only prepare another one need not be */
  around<T extends object>(target: T, isStep = (_name: PropertyKey): boolean => true): T {
    return new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name);
        if (typeof value !== 'function' || !isStep(name)) return value;
        return (...args: unknown[]): unknown => this.step(() => Reflect.apply(value, of, args) as unknown);
      },
    });
  }

  step<T>(work: () => T): T {
    if (this.isDead) throw new Error('dead');
    this.steps += 1;
    if (this.steps !== this.#at) return work();
    this.isDead = true;
    if (!this.#takesEffect) throw new Error('died');
    const done = work();
    if (done instanceof Promise) return done.then(() => Promise.reject(new Error('died'))) as T;
    throw new Error('died');
  }
}

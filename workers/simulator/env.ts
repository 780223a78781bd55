/** Vars of wrangler.toml: the one account that exists until somebody writes to /control. All optional, see `defaultKnobs`. */
export interface SimulatorEnv {
  readonly API_KEY?: string;
  readonly API_SECRET?: string;
  readonly SIGNATURE_SECRET?: string;
  readonly SIGNATURE_METHOD?: string;
  readonly RECEIPT_URL?: string;
  readonly INBOUND_URL?: string;
}

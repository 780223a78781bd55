/** The carrier simulator: Vonage's SMS API on this machine. Routes only; README.md says what each does. */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { jsonAnswer } from './answer';
import { readBalance } from './balance';
import { carrierOf } from './carrier';
import { controlInbound, controlReceipt, listMessages, readStatistics, reset, turnKnobs } from './control';
import type { SimulatorEnv } from './env';
import { page } from './page';
import type { PumpHouse } from './receipt-queue';
import { sendSms } from './send-sms';

/** By hand rather than with URL: this runs before every answer, and parsing costs as much as the answer does. */
function pathOf(url: string): string {
  const start = url.indexOf('/', 'https://'.length);
  const query = url.indexOf('?', start);
  return query < 0 ? url.slice(start) : url.slice(start, query);
}

/** One invocation of the receipt pump, see receipt-queue.ts. Not reachable from outside. */
export class ReceiptPump extends WorkerEntrypoint<SimulatorEnv> {
  shift(): Promise<boolean> {
    return carrierOf(this.env).receipts.workShift();
  }
}

/** `context.exports` is typed by generated files that this Worker does without. */
type OwnExports = { readonly ReceiptPump: Service<ReceiptPump> };
const pumpHouse = (context: ExecutionContext): PumpHouse => ({
  waitUntil: (promise) => context.waitUntil(promise),
  shift: () => (context.exports as unknown as OwnExports).ReceiptPump.shift(),
});

export default {
  async fetch(request: Request, env: SimulatorEnv, context: ExecutionContext): Promise<Response> {
    const carrier = carrierOf(env);
    switch (pathOf(request.url)) {
      case '/sms/json':
        return request.method === 'POST' || request.method === 'GET'
          ? sendSms(request, pumpHouse(context), carrier)
          : jsonAnswer('{"error":"method_not_allowed"}', 405);
      case '/account/get-balance':
        return readBalance(request, carrier);
      case '/control':
        return turnKnobs(request, carrier);
      case '/control/reset':
        return reset(request, carrier);
      case '/control/inbound':
        return controlInbound(request, carrier);
      case '/control/receipt':
        return controlReceipt(request, carrier);
      case '/stats':
        return readStatistics(carrier);
      case '/messages':
        return listMessages(new URL(request.url), carrier);
      case '/healthz':
        return jsonAnswer('{"ok":true}');
      case '/':
        return page(new URL(request.url).origin, carrier);
      default:
        return jsonAnswer('{"error":"not_found"}', 404);
    }
  },
};

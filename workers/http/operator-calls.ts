/** The operators' verbs by name: `GET /api/operators/<name>?…` reads, `POST /api/operators/<name>` changes. Each with the shape of its input. */
import { z } from 'zod';
import type { Operator, OperatorServices } from '../../schema/operators';

export interface OperatorCall {
  readonly shape: z.ZodType;
  run(services: OperatorServices, operator: Operator, input: unknown): Promise<unknown>;
}

/** Ties the shape to what its run takes: `run` is only ever called with what the shape has parsed. */
function call<Shape extends z.ZodType>(
  shape: Shape,
  run: (services: OperatorServices, operator: Operator, input: z.output<Shape>) => Promise<unknown>,
): OperatorCall {
  return { shape, run: (services, operator, input) => run(services, operator, input as z.output<Shape>) };
}

const Nothing = z.strictObject({});

export const OPERATOR_READS: Readonly<Record<string, OperatorCall>> = {
  me: call(Nothing, async (_services, { operator, name, email, timeZone }) => ({ operator, name, email, timeZone })),
};

export const OPERATOR_CALLS: Readonly<Record<string, OperatorCall>> = {};

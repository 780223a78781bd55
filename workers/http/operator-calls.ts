/** The operators' verbs by name: `GET /api/operators/<name>?…` reads, `POST /api/operators/<name>` changes. Each with the shape of its input. */
import { z } from 'zod';
import type { ApprovalId, CarrierAccountId, Iso2, KeyId, NoticeId, SenderId, TenantId, UserId } from '../../schema/ids';
import type { Operator, OperatorServices } from '../../schema/operators';
import { APPROVAL_KINDS, APPROVAL_STATES, LOCALES, TRAFFIC_KINDS, USER_ROLES } from '../../schema/states';

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

const text = (max: number) => z.string().max(max);
const id = <Id extends string>() =>
  z
    .string()
    .min(1)
    .max(40)
    .transform((value) => value as Id);
const tenant = id<TenantId>();
const whose = tenant.nullable().default(null);
const phones = z.array(text(40)).max(50);
const micros = z.number().int();
/** ms UTC */
const time = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** Without what was not given: a field of an address that is left empty is no filter. */
const present = <T extends object>(wish: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined && value !== '')) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };

const Settings = z.strictObject({
  tenant,
  name: text(200),
  enabled: z.boolean(),
  creditMicros: micros,
  exactTemplates: z.boolean(),
  masksBodies: z.boolean(),
  currencySign: text(40).default('€'),
});
const OpenTenant = z.strictObject({
  name: text(200),
  ownerName: text(200),
  email: text(320),
  phones: phones.default([]),
  locale: z.enum(LOCALES).default('zh-CN'),
  creditMicros: micros.default(0),
});
const TopUp = z.strictObject({ tenant, micros, reference: text(200) });
const User = { name: text(200), department: text(200).default(''), role: z.enum(USER_ROLES) };
const AddUser = z.strictObject({ tenant, ...User, email: text(320), phones: phones.default([]), locale: z.enum(LOCALES).default('zh-CN') });
const ChangeUser = z.strictObject({
  tenant,
  user: id<UserId>(),
  ...User,
  enabled: z.boolean(),
  phones: phones.nullable().default(null),
  email: text(320).nullable().default(null),
});
const key = { name: text(200), carrierAccounts: z.array(id<CarrierAccountId>()).max(100), perSecond: z.number() };
const MakeKey = z.strictObject({ tenant, ...key, kind: z.enum(TRAFFIC_KINDS), test: z.boolean().default(false) });
const ChangeKey = z.strictObject({
  tenant,
  key: id<KeyId>(),
  ...key,
  enabled: z.boolean(),
  ipAllowlist: z.array(text(64)).max(1_000).default([]),
  dailyMessages: z.number().nullable().default(null),
  dailySpendMicros: z.number().nullable().default(null),
  countries: z
    .array(text(2).transform((code) => code as Iso2))
    .max(300)
    .nullable()
    .default(null),
  noSecret: z.boolean().default(false),
});
const Carrier = z.strictObject({
  id: id<CarrierAccountId>().nullable().default(null),
  name: text(200),
  apiKey: text(200),
  apiSecret: text(200).default(''),
  signatureSecret: text(200).default(''),
  signatureMethod: text(20).default('sha256'),
  restHost: text(300).default(''),
  perSecond: z.number(),
  enabled: z.boolean().default(true),
});
const Csv = z.strictObject({ tenant: whose, csv: text(200_000) });
const Notice = z.strictObject({ tenant: whose, titleZh: text(400), titleEn: text(400), bodyZh: text(8_000), bodyEn: text(8_000) });

export const OPERATOR_READS: Readonly<Record<string, OperatorCall>> = {
  me: call(Nothing, async (_services, { operator, name, email, timeZone }) => ({ operator, name, email, timeZone })),
  tenants: call(z.strictObject({ name: text(200).default(''), cursor: text(40).optional() }), (services, operator, { name, cursor }) =>
    services.tenants(operator, name, cursor ?? null),
  ),
  tenant: call(z.strictObject({ tenant }), (services, operator, wanted) => services.tenant(operator, wanted.tenant)),
  ledger: call(z.strictObject({ tenant, cursor: text(40).optional() }), (services, operator, wanted) =>
    services.ledger(operator, wanted.tenant, wanted.cursor ?? null),
  ),
  users: call(z.strictObject({ tenant }), async (services, operator, wanted) => ({ rows: await services.users(operator, wanted.tenant) })),
  keys: call(z.strictObject({ tenant }), async (services, operator, wanted) => ({ rows: await services.keys(operator, wanted.tenant) })),
  carriers: call(Nothing, async (services, operator) => ({ rows: await services.carriers(operator) })),
  prices: call(z.strictObject({ tenant: tenant.optional() }), async (services, operator, wanted) => ({
    rows: await services.prices(operator, wanted.tenant ?? null),
  })),
  approvals: call(
    z.strictObject({
      state: z.enum(APPROVAL_STATES).optional(),
      kind: z.enum(APPROVAL_KINDS).optional(),
      tenant: tenant.optional(),
      cursor: text(40).optional(),
    }),
    (services, operator, { cursor, state, kind, tenant: of }) =>
      services.approvals(operator, { ...(state && { state }), ...(kind && { kind }), ...(of && { tenant: of }) }, cursor ?? null),
  ),
  approval: call(z.strictObject({ id: id<ApprovalId>() }), (services, operator, wanted) => services.approval(operator, wanted.id)),
  'carrier-hours': call(z.strictObject({ id: id<CarrierAccountId>() }), async (services, operator, wanted) => ({
    rows: await services.carrierHours(operator, wanted.id),
  })),
  health: call(Nothing, (services, operator) => services.health(operator)),
  audit: call(
    z.strictObject({
      tenant: tenant.optional(),
      action: text(60).optional(),
      who: text(200).optional(),
      from: time.optional(),
      until: time.optional(),
      cursor: text(40).optional(),
    }),
    (services, operator, { cursor, ...wish }) => services.audit(operator, present(wish), cursor ?? null),
  ),
  'dead-letters': call(z.strictObject({ cursor: text(40).optional() }), (services, operator, { cursor }) =>
    services.deadLetters(operator, cursor ?? null),
  ),
  'legacy-imports': call(z.strictObject({ cursor: text(40).optional() }), (services, operator, { cursor }) =>
    services.legacyImports(operator, cursor ?? null),
  ),
  notices: call(z.strictObject({ cursor: text(40).optional() }), (services, operator, { cursor }) =>
    services.notices(operator, cursor ?? null),
  ),
};

export const OPERATOR_CALLS: Readonly<Record<string, OperatorCall>> = {
  'open-tenant': call(OpenTenant, async (services, operator, form) => ({ tenant: await services.openTenant(operator, form) })),
  'change-tenant': call(Settings, (services, operator, { tenant: of, ...settings }) => services.changeTenant(operator, of, settings)),
  'top-up': call(TopUp, (services, operator, wanted) => services.topUp(operator, wanted.tenant, wanted.micros, wanted.reference)),
  'bind-sender': call(z.strictObject({ tenant, sender: text(40) }), (services, operator, wanted) =>
    services.bindSender(operator, wanted.tenant, wanted.sender),
  ),
  'unbind-sender': call(z.strictObject({ tenant, sender: id<SenderId>() }), (services, operator, wanted) =>
    services.unbindSender(operator, wanted.tenant, wanted.sender),
  ),
  'add-user': call(AddUser, async (services, operator, { tenant: of, ...form }) => ({ user: await services.addUser(operator, of, form) })),
  'change-user': call(ChangeUser, (services, operator, { tenant: of, user, ...form }) => services.changeUser(operator, of, user, form)),
  'renew-password': call(z.strictObject({ tenant, user: id<UserId>() }), (services, operator, wanted) =>
    services.renewPassword(operator, wanted.tenant, wanted.user),
  ),
  'make-key': call(MakeKey, (services, operator, { tenant: of, ...form }) => services.makeKey(operator, of, form)),
  'change-key': call(ChangeKey, (services, operator, { tenant: of, key: which, ...form }) => services.changeKey(operator, of, which, form)),
  'save-carrier': call(Carrier, async (services, operator, { id: which, ...form }) => ({
    id: await services.saveCarrier(operator, which, form),
  })),
  'test-carrier': call(z.strictObject({ id: id<CarrierAccountId>() }), (services, operator, wanted) =>
    services.testCarrier(operator, wanted.id),
  ),
  'preview-prices': call(Csv, (services, operator, wanted) => services.previewPrices(operator, wanted.tenant, wanted.csv)),
  'import-prices': call(Csv, (services, operator, wanted) => services.importPrices(operator, wanted.tenant, wanted.csv)),
  'remove-price': call(z.strictObject({ tenant, country: text(2) }), (services, operator, wanted) =>
    services.removePrice(operator, wanted.tenant, wanted.country as Iso2),
  ),
  'decide-approval': call(
    z.strictObject({ id: id<ApprovalId>(), decision: z.enum(['approved', 'refused']), reason: text(2_000).default('') }),
    (services, operator, wanted) => services.decideApproval(operator, wanted.id, wanted.decision, wanted.reason),
  ),
  redrive: call(z.strictObject({ id: z.number().int() }), (services, operator, wanted) => services.redrive(operator, wanted.id)),
  'drop-dead-letter': call(z.strictObject({ id: z.number().int() }), (services, operator, wanted) =>
    services.dropDeadLetter(operator, wanted.id),
  ),
  'post-notice': call(Notice, async (services, operator, form) => ({ id: await services.postNotice(operator, form) })),
  'remove-notice': call(z.strictObject({ id: id<NoticeId>() }), (services, operator, wanted) => services.removeNotice(operator, wanted.id)),
};

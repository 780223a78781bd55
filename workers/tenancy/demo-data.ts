/** What the demo begins with. All of it is made up and known to everybody: it exists in local runs only. */
import type { ApprovalId, CarrierAccountId, KeyId, NoticeId, OperatorId, SenderId, TemplateId, TenantId, UserId } from '../../schema/ids';
import type { Locale, TrafficKind, UserRole } from '../../schema/states';
import { MICROS_PER_UNIT, type Micros } from '../rules/money';

export interface DemoUser {
  readonly id: UserId;
  readonly name: string;
  readonly department: string;
  readonly email: string;
  readonly phone: string;
  readonly password: string;
  readonly role: UserRole;
  readonly locale: Locale;
}
interface DemoKeyData {
  readonly id: KeyId;
  readonly name: string;
  readonly secret: string;
  readonly kind: TrafficKind;
  readonly test: boolean;
}
export interface DemoTenant {
  readonly id: TenantId;
  readonly name: string;
  readonly balance: Micros;
  readonly users: readonly DemoUser[];
  readonly keys: readonly DemoKeyData[];
  readonly senders: readonly { readonly id: SenderId; readonly value: string }[];
  readonly templates: readonly {
    readonly id: TemplateId;
    readonly name: string;
    readonly body: string;
    readonly samples: Readonly<Record<string, string>>;
  }[];
  /** On the list of each of its keys. */
  readonly blacklist: readonly number[];
}

/** Messages a second that a demo key takes: a benchmark must not meet the limit of a key. */
export const DEMO_KEY_PER_SECOND = 50_000;
/** With which the demo's keys sign requests (`sig`), in Vonage's way. */
export const DEMO_KEY_SIGNATURE = { secret: 'demo-key-signature-secret', method: 'sha256' } as const;
export const SYSTEM_BALANCE: Micros = 1_000 * MICROS_PER_UNIT;

export const DEMO_TENANT: DemoTenant = {
  id: 'tn_DEM00000000000000000' as TenantId,
  name: '星河出海（演示）',
  balance: 50_000 * MICROS_PER_UNIT,
  users: [
    {
      id: 'us_DEM00WNER00000000000' as UserId,
      name: '李晓星',
      department: '市场部',
      email: 'owner@demo.jmc.example',
      phone: '+8613900139000',
      password: 'Starry-River-2026',
      role: 'owner',
      locale: 'zh-CN',
    },
    {
      id: 'us_DEM0SENDER0000000000' as UserId,
      name: 'Grace Tan',
      department: 'Growth',
      email: 'sender@demo.jmc.example',
      phone: '+6581234567',
      password: 'Silver-Harbor-2026',
      role: 'sender',
      locale: 'en',
    },
    {
      id: 'us_DEM0VIEWER0000000000' as UserId,
      name: '陈静',
      department: '财务部',
      email: 'viewer@demo.jmc.example',
      phone: '+85261234567',
      password: 'Quiet-Garden-2026',
      role: 'viewer',
      locale: 'zh-CN',
    },
  ],
  keys: [
    { id: 'JMDEM0MARKET0001' as KeyId, name: 'Demo marketing', secret: 'DEM0MARKETSECRET0000000000000001', kind: 'marketing', test: false },
    {
      id: 'JMDEM0TRANSACT01' as KeyId,
      name: 'Demo transactional',
      secret: 'DEM0TRANSACTSECRET00000000000001',
      kind: 'transactional',
      test: false,
    },
    { id: 'JMDEM0TEST000001' as KeyId, name: 'Demo test', secret: 'DEM0TESTSECRET000000000000000001', kind: 'marketing', test: true },
  ],
  senders: [
    { id: 'sn_DEM00000000000000001' as SenderId, value: 'JINMU' },
    { id: 'sn_DEM00000000000000002' as SenderId, value: 'Starry' },
    { id: 'sn_DEM00000000000000003' as SenderId, value: '447700900123' },
  ],
  templates: [
    {
      id: 'tp_DEM00000000000000001' as TemplateId,
      name: 'Early access',
      body: 'Hi {{name}}, your early access opens at 20:00. Code {{code}} gives 15% off. Reply STOP to opt out.',
      samples: { name: 'Ana', code: 'EARLY15' },
    },
    {
      id: 'tp_DEM00000000000000002' as TemplateId,
      name: '新品预告',
      body: '{{name}}，您好！新品今晚 20:00 开售，优惠码 {{code}}。回复 T 退订。',
      samples: { name: '林女士', code: 'NEW20' },
    },
    {
      id: 'tp_DEM00000000000000003' as TemplateId,
      name: 'Parcel on its way',
      body: 'Hello {{name}}, parcel {{code}} is on its way and arrives tomorrow between 9 and 18.',
      samples: { name: 'Ben', code: 'SG20461' },
    },
  ],
  // The demo's file of numbers holds these as well (scripts/demo/recipients.ts).
  blacklist: [8613800138000, 6591234567, 447400123456],
};

export const OTHER_TENANT: DemoTenant = {
  id: 'tn_0THER000000000000000' as TenantId,
  name: '云帆游戏（演示）',
  balance: 1_000 * MICROS_PER_UNIT,
  users: [
    {
      id: 'us_0THER0WNER0000000000' as UserId,
      name: '周帆',
      department: '运营部',
      email: 'owner@other.jmc.example',
      phone: '+886912345678',
      password: 'Cloud-Sailing-2026',
      role: 'owner',
      locale: 'zh-CN',
    },
    {
      id: 'us_0THERVIEWER000000000' as UserId,
      name: 'Alex Reed',
      department: 'Finance',
      email: 'viewer@other.jmc.example',
      phone: '+14155550132',
      password: 'Paper-Lantern-2026',
      role: 'viewer',
      locale: 'en',
    },
  ],
  keys: [
    {
      id: 'JM0THERMARKET001' as KeyId,
      name: 'Other marketing',
      secret: '0THERMARKETSECRET000000000000001',
      kind: 'marketing',
      test: false,
    },
    {
      id: 'JM0THERTRANSACT1' as KeyId,
      name: 'Other transactional',
      secret: '0THERTRANSACTSECRET0000000000001',
      kind: 'transactional',
      test: false,
    },
  ],
  senders: [{ id: 'sn_0THER000000000000001' as SenderId, value: 'YUNFAN' }],
  templates: [],
  blacklist: [],
};

/** Just opened: nobody has given it a key yet, and it has sent nothing. */
export const EMPTY_TENANT: DemoTenant = {
  id: 'tn_EMPTY00000000000000' as TenantId,
  name: '晨光文具（演示）',
  balance: 0,
  users: [
    {
      id: 'us_EMPTY0WNER000000000' as UserId,
      name: '赵晨',
      department: '',
      email: 'owner@empty.jmc.example',
      phone: '+8613900139001',
      password: 'Blank-Notebook-2026',
      role: 'owner',
      locale: 'zh-CN',
    },
  ],
  keys: [],
  senders: [],
  templates: [],
  blacklist: [],
};

/** Not yet signed in: the first password lies in the mailbox. */
export const NEWCOMER = {
  tenantName: '青禾电商（演示）',
  name: '王青',
  department: '客服部',
  email: 'newcomer@demo.jmc.example',
  phones: ['+85366123456'],
  locale: 'zh-CN',
} as const;

export const DEMO_CARRIER = {
  id: 'ca_DEM00000000000000000' as CarrierAccountId,
  name: 'Demo carrier',
  apiKey: 'demo-account',
  apiSecret: 'demo-secret',
  signatureSecret: 'demo-signature-secret',
  signatureMethod: 'sha256',
  perSecond: 5_000,
} as const;

export const DEMO_NOTICES = [
  {
    id: 'no_DEM00000000000000001' as NoticeId,
    titleZh: '欢迎使用锦木通信平台',
    titleEn: 'Welcome to JMC',
    bodyZh: '这是演示环境：短信发往模拟运营商，不会真正送达，也不产生费用。',
    bodyEn: 'This is a demo: messages go to a simulated carrier, reach nobody and cost nothing.',
  },
  {
    id: 'no_DEM00000000000000002' as NoticeId,
    titleZh: '印度尼西亚价格调整',
    titleEn: 'New price for Indonesia',
    bodyZh: '自 12 月 1 日起，印度尼西亚短信单价调整，详见价格表。',
    bodyEn: 'From December 1 the price of a part to Indonesia changes; see the price list.',
  },
] as const;

export const DEMO_OPERATOR = {
  id: 'op_DEM00000000000000000' as OperatorId,
  name: '林岚',
  email: 'operator@jmc.example',
  password: 'Steady-Lighthouse-2026',
  locale: 'zh-CN',
} as const;

/** Fresh from `npm run operator:add`. */
export const NEW_OPERATOR = {
  id: 'op_DEM00000000000000001' as OperatorId,
  name: '许新',
  email: 'new-operator@jmc.example',
  password: 'First-Day-2026-At-Work',
  locale: 'zh-CN',
} as const;

/** Approved for the demo's tenant, and one that waits for the operator. */
export const DEMO_APPROVALS = [
  { id: 'ap_DEM00000000000000001' as ApprovalId, kind: 'sender', name: 'JINMU', body: '', state: 'approved' },
  { id: 'ap_DEM00000000000000002' as ApprovalId, kind: 'signature', name: '星河出海', body: '', state: 'approved' },
  {
    id: 'ap_DEM00000000000000003' as ApprovalId,
    kind: 'template',
    name: '新品开售',
    body: '{{name}}，您好！新品今晚 20:00 开售，优惠码 {{code}}。回T退订',
    state: 'approved',
  },
  {
    id: 'ap_DEM00000000000000004' as ApprovalId,
    kind: 'template',
    name: '会员日',
    body: '{{name}}，会员日全场八折，仅限今天。回T退订',
    state: 'pending',
  },
] as const;

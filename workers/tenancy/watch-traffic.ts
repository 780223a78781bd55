/** Cron: finds jumps of a country's traffic and tells the owners of the tenant, once a jump. */
import type { NoticeId, TenantId } from '../../schema/ids';
import { JUMP_BASELINE_MS, JUMP_ENDED_MIN, JUMP_LOOK_EVERY_MS, JUMP_MESSAGES_MIN, JUMP_OVER_MS } from '../../schema/limits';
import { COUNTED_MESSAGE_STATES } from '../../schema/states';
import type { Gateways } from '../gateways';
import { sendMail } from '../gateways/mail';
import { recordAudit } from '../gateways/stores/audit';
import { ownersOf } from '../gateways/stores/endpoints';
import { addNotice } from '../gateways/stores/notices';
import { busyTenants, forgetJumps, markJumpTold, noteJump, untoldJumps, type JumpRow } from '../gateways/stores/traffic-jumps';
import { hourStart, HOUR_MS } from '../rules/platform-day';
import { trafficJumps, type HourCell } from '../rules/traffic-jump';
import { trafficJumpText } from '../rules/traffic-jump-text';

const MINUTE_MS = 60_000;
const TOLD_AT_ONCE = 100;

type Needed = Pick<Gateways, 'env' | 'database' | 'tenant'>;

/** Looks at every JUMP_LOOK_EVERY_MS of the cron that comes each minute. */
export async function watchTraffic(gateways: Needed, now: number): Promise<void> {
  if (Math.floor(now / MINUTE_MS) % (JUMP_LOOK_EVERY_MS / MINUTE_MS) !== 0) return;
  await findJumps(gateways, now);
  await tellOwners(gateways, now);
  await forgetJumps(gateways.database, now - JUMP_BASELINE_MS);
}

async function findJumps(gateways: Needed, now: number): Promise<void> {
  // This hour has only begun, and what was accepted in the last one may still be failing.
  const { database } = gateways;
  const since = hourStart(now) - HOUR_MS;
  for (const tenant of await busyTenants(database, since, Math.min(JUMP_MESSAGES_MIN, JUMP_ENDED_MIN))) {
    for (const jump of trafficJumps(await hourCells(gateways, tenant, since - JUMP_BASELINE_MS, now), since)) {
      if (!(await noteJump(database, tenant, jump, now, now - JUMP_OVER_MS))) continue;
      const subject = `${jump.country} ${jump.kind}`;
      await recordAudit(database, { tenantId: tenant, userId: null, action: 'traffic_jump', subject, address: '', at: now });
    }
  }
}

async function hourCells(gateways: Needed, tenant: TenantId, from: number, now: number): Promise<HourCell[]> {
  const run = { span: 'hour', from, until: hourStart(now) + HOUR_MS } as const;
  const groups = await gateways.tenant(tenant).totals.grouped([run], {}, ['at', 'country']);
  return groups.flatMap(({ at, country, messages }) =>
    at === null || country === null
      ? []
      : COUNTED_MESSAGE_STATES.map((state, index) => ({ hourAt: at, country, state, messages: messages[index] ?? 0 })),
  );
}

/** A row is told once its mails are out: a Worker that dies in between tells it again, for a mail too many is better than none. */
async function tellOwners(gateways: Needed, now: number): Promise<void> {
  for (const jump of await untoldJumps(gateways.database, TOLD_AT_ONCE)) {
    try {
      await postNotice(gateways, jump);
      await mailOwners(gateways, jump, now);
    } catch (thrown) {
      console.error(JSON.stringify({ jumps: 'mail', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
      continue;
    }
    await markJumpTold(gateways.database, jump.id, now);
  }
}

async function postNotice({ database }: Needed, jump: JumpRow): Promise<void> {
  const [chinese, english] = [trafficJumpText('zh-CN', jump), trafficJumpText('en', jump)];
  await addNotice(database, {
    id: `no_JUMP${jump.id}` as NoticeId,
    tenantId: jump.tenantId,
    titleZh: chinese.subject,
    titleEn: english.subject,
    bodyZh: chinese.text,
    bodyEn: english.text,
    postedAt: jump.raisedAt,
  });
}

async function mailOwners(gateways: Needed, jump: JumpRow, now: number): Promise<void> {
  for (const { email, locale } of await ownersOf(gateways.database, jump.tenantId)) {
    const { subject, text } = trafficJumpText(locale, jump);
    const platform = locale === 'zh-CN' ? '锦木通信平台：' : 'JMC: ';
    await sendMail(gateways, { to: email, subject: `${platform}${subject}`, text: `${text}\n\n${gateways.env.PUBLIC_URL}/\n` }, now);
  }
}

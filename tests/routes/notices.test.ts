import { describe, expect, it } from 'vitest';
import { newNoticeId, type TenantId } from '../../schema/ids';
import { addNotice, countNewNotices } from '../../workers/gateways/stores/notices';
import { readNotices } from '../../workers/tenancy/notices';
import { makeWorld, type World } from '../support/world';

const post = (world: World, title: string, postedAt: number, tenantId: TenantId | null = world.tenant) =>
  addNotice(world.gateways.database, {
    id: newNoticeId(),
    tenantId,
    titleZh: `${title}（中文）`,
    titleEn: title,
    bodyZh: '',
    bodyEn: '',
    postedAt,
  });
const titles = async (world: World, cursor: string | null = null, limit = 20) => {
  const page = await readNotices(world.gateways, world.actor, cursor, limit);
  return { titles: page.rows.map(({ title }) => title), cursor: page.cursor };
};
const fresh = ({ gateways, tenant, actor }: World) => countNewNotices(gateways.database, tenant, actor.user);

describe('notices', () => {
  it('reach the tenant that they were posted to, and everybody, in the order of time', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld({ locale: 'zh-CN' })]);
    await post(world, 'Approved', 1_000);
    await post(world, `Maintenance for ${world.tenant}`, 2_000, null);
    const about = (all: readonly string[]): string[] => all.filter((title) => /^(?:Approved|Maintenance for )/.test(title));
    expect(about((await titles(world, null, 200)).titles)).toEqual([`Maintenance for ${world.tenant}`, 'Approved']);
    expect(about((await titles(stranger, null, 200)).titles)).toEqual([`Maintenance for ${world.tenant}（中文）`]);
  });

  it('come in pages that miss none, also those of one moment', async () => {
    const world = await makeWorld();
    for (let at = 0; at < 5; at++) await post(world, `${at}`, 10_000_000_000);
    const first = await titles(world, null, 2);
    const second = await titles(world, first.cursor, 2);
    const third = await titles(world, second.cursor, 200);
    const own = [...first.titles, ...second.titles, ...third.titles].filter((title) => /^\d$/.test(title));
    expect(own.toSorted()).toEqual(['0', '1', '2', '3', '4']);
    await expect(titles(world, 'yesterday')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('are new until a user has looked at them, for each user apart', async () => {
    const world = await makeWorld();
    const colleague = await world.addUser();
    await post(world, 'One', Date.now());
    await post(world, 'Two', Date.now() + 1);
    const before = await fresh(world);
    expect(before).toBeGreaterThanOrEqual(2);
    await titles(world);
    expect(await fresh(world)).toBe(0);
    expect(await fresh({ ...world, actor: colleague.actor })).toBe(before);
    await post(world, 'Three', Date.now() + 2);
    expect(await fresh(world)).toBe(1);
  });
});

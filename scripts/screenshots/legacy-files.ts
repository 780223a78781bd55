/** Two csv files of the old platform, as `npm run legacy:import` takes them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Chance } from '../../bench/past/chance';
import { csvLine } from '../../workers/rules/csv';

const DAY_MS = 24 * 60 * 60 * 1_000;
const LAST_DAY = Date.parse('2021-06-30T00:00:00+08:00');
const DAYS = 60;
const MESSAGES_A_TASK = 40;
const NAMES = ['年中大促', '新品预告', '会员日', 'Mid-year sale', '物流通知', 'Spring launch'];
const NUMBERS = ['+8613800', '+8525123', '+6581', '+6281234', '+5511987'];
const DIGITS = [6, 4, 6, 6, 6];
const OUTCOMES = ['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'failed', 'expired', 'unknown'];

/** @returns their paths, messages first */
export async function writeLegacyFiles(folder: string): Promise<readonly [messages: string, tasks: string]> {
  const chance = new Chance(2_021);
  const messages = [
    csvLine(['id', 'received_at', 'final_at', 'to', 'status', 'from', 'body', 'price', 'kind', 'key', 'task_id', 'task_name']),
  ];
  const tasks = [csvLine(['id', 'name', 'created_at', 'user', 'started_at', 'status', 'messages', 'sent', 'delivered', 'failed', 'cost'])];
  for (let at = 0; at < 20; at++) {
    const name = chance.of(NAMES);
    const startedAt = LAST_DAY - chance.below(DAYS) * DAY_MS + chance.below(10) * 3_600_000;
    const id = `OLD-${1_000 + at}`;
    let delivered = 0;
    for (let row = 0; row < MESSAGES_A_TASK; row++) {
      const place = chance.below(NUMBERS.length);
      const digits = DIGITS[place] ?? 6;
      const number = `${NUMBERS[place]}${String(chance.below(10 ** digits)).padStart(digits, '0')}`;
      const outcome = chance.of(OUTCOMES);
      if (outcome === 'delivered') delivered += 1;
      const sentAt = startedAt + row * 500;
      const times = [new Date(sentAt).toISOString(), new Date(sentAt + 3_000 + chance.below(9_000)).toISOString()];
      const content = ['JINMU', `${name}：今晚 20:00 开始，回复 T 退订。`, '0.0355', 'marketing', 'OLDKEY01', id, name];
      messages.push(csvLine([`${id}-${row}`, ...times, number, outcome, ...content]));
    }
    const counts = [MESSAGES_A_TASK, MESSAGES_A_TASK, delivered, MESSAGES_A_TASK - delivered].map(String);
    const createdAt = new Date(startedAt - 600_000).toISOString();
    tasks.push(csvLine([id, name, createdAt, '李晓星', new Date(startedAt).toISOString(), '已完成', ...counts, '1.42']));
  }
  const paths = [join(folder, 'old-messages.csv'), join(folder, 'old-tasks.csv')] as const;
  await Promise.all([writeFile(paths[0], messages.join('')), writeFile(paths[1], tasks.join(''))]);
  return paths;
}

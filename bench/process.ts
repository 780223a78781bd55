/** Memory and CPU time of the workerd that serves a port, from /proc: Linux only. */
import { readFile, readdir, readlink } from 'node:fs/promises';

const LISTENING = '0A';

/** Inodes of the sockets that listen on a port. */
async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const inode = fields[9];
      if (fields[1]?.endsWith(suffix) && fields[3] === LISTENING && inode !== undefined) inodes.add(inode);
    }
  }
  return inodes;
}

/** @throws Error when nobody listens there */
export async function processListeningOn(port: number): Promise<number> {
  const sockets = await listeningSockets(port);
  const processes = await readdir('/proc');
  for (const pid of processes.filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && sockets.has(inode)) return Number(pid);
    }
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** Most memory that the process ever had resident, bytes (VmHWM). */
export async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`no VmHWM for process ${pid}`);
  return Number(kibibytes) * 1024;
}

/** The kernel's clock tick (USER_HZ), which is the same on every Linux that Node runs on. */
const TICK_MS = 10;

/** CPU time that the process and its threads have used since they began, milliseconds. Says what work costs even where others use the machine. */
export async function cpuTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in parentheses, which may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]];
  if (user === undefined || system === undefined) throw new Error(`no CPU times for process ${pid}`);
  return (Number(user) + Number(system)) * TICK_MS;
}

/**
 * Seconds of computing that something takes in this process, whoever else has the machine at the time. For work whose effort must not
 * explode: a limit is many times what it takes, and an exploding effort many times the limit.
 */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

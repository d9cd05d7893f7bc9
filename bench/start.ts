/** How long the command line takes to run the smallest search there is, beside Node's own start. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, median, row, type Surroundings } from './bench.ts';

const ROUNDS = 7;

export const start: Bench = {
  name: 'start',
  title: 'gupbook run of one small search, against node -e 0',
  run: async ({ node, cli, shipped }: Surroundings) => {
    const scenario = join(shipped, 'scenarios/two-bios.lab.ts');
    const search = ['run', scenario, '--only', 'pin a THP, unpin every page', '--kernel', '7.2'];
    const ours: number[] = [];
    const peer: number[] = [];
    // In turns, so that whatever else the machine does falls on both.
    for (let i = 0; i < ROUNDS; i++) {
      peer.push(milliseconds(node, ['-e', '0']));
      ours.push(milliseconds(node, [cli, ...search]));
    }
    return [row('start', 'ms', median(ours), median(peer), 'node -e 0')];
  },
};

function milliseconds(command: string, args: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const took = performance.now() - begun;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${String(status)}: ${stderr.trim()}`);
  return took;
}

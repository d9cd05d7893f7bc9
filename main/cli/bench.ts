/** `gupbook bench`: our speed beside that of peers. */
import { BENCHES, type Row } from '../../bench/index.ts';
import { shown } from '../lab/input-error.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { shippedFolder } from './shipped.ts';
import { Status } from './status.ts';

const HELP = `Usage: gupbook bench [NAME] [--json -]

Measures and prints ratios: ours divided by a peer's, on this machine. Below 1 is
faster than the peer.

Benchmarks:
${BENCHES.map(({ name, title }) => `  ${name.padEnd(9)} ${title}`).join('\n')}

Options:
  --json -          print JSON instead

Exit status: 0 measured, 2 bad usage.`;

export const bench: Command = {
  name: 'bench',
  summary: 'measure our speed beside that of peers',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('bench', argv, { json: { type: 'string' } });
  if (values.json !== undefined && values.json !== '-') throw usage('bench', '--json takes - only');
  const [name, ...more] = positionals;
  if (more.length > 0) throw usage('bench', 'name one benchmark, or none for all');
  const chosen = BENCHES.filter((one) => name === undefined || one.name === name);
  if (chosen.length === 0) throw usage('bench', `there is no benchmark ${shown(name ?? '')}`);
  const surroundings = {
    node: process.execPath,
    cli: io.self,
    shipped: shippedFolder('scenarios/two-bios.lab.ts'),
  };
  const rows: Row[] = [];
  for (const one of chosen) rows.push(...(await one.run(surroundings)));
  io.out(values.json === '-' ? `${JSON.stringify({ rows })}\n` : rows.map(rowText).join(''));
  return Status.asExpected;
}

function rowText({ name, ours, peer, unit, ratio, peerName }: Row): string {
  return `${name.padEnd(12)} ${ours} ${unit}, ${peerName} ${peer} ${unit}: ${ratio} times\n`;
}

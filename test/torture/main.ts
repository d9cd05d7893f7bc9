/** npm run torture [-- --kills N --seed N]: prints what was killed, acknowledged, lost and damaged. */
import { parseArgs } from 'node:util';
import { torture } from './torture.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, victim: { type: 'string' } },
});
const kills = whole('kills', values.kills ?? '200');
const seed = whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));
const victim = values.victim ?? '';

const progress = (done: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done}/${kills} kills`);
};
const { acknowledged, killedOpening, lost, damaged } = await torture({ kills, seed, victim, progress });
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
for (const sentence of [...lost, ...damaged]) console.log(sentence);
console.log(`kills ${kills} (${killedOpening} while starting)`);
console.log(`edits acknowledged ${acknowledged}`);
console.log(`edits lost ${lost.length}`);
console.log(`databases damaged ${damaged.length}`);
console.log(`seed ${seed}`);
process.exitCode = lost.length + damaged.length === 0 ? 0 : 1;

function whole(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`torture: --${name} takes a whole number, not "${text}".`);
  process.exit(2);
}

/**
 * The interleaving as the table that a changelog or a mail wants: ASCII, at most 72 columns, no tabs, no trailing
 * blanks. One column per actor while they fit, one name per line otherwise.
 */
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { RowKind, Rows } from './rows.ts';
import { actorOf, chainOf, effectText, operationText } from './steps.ts';

const WIDTH = 72;
const NUMBER = 5;
const EFFECT = 20;
const NARROWEST = 15;

/** Rows of the steps `from` .. `to` (inclusive); `failing` is marked with `!!`. */
export function interleavingText(trace: Trace, failing: number, from = 0, to = stepCount(trace) - 1): string {
  const rows = new Rows(trace);
  const room = WIDTH - 2 - NUMBER - EFFECT;
  const column = Math.floor(room / Math.max(1, trace.actors.length));
  const columns = column >= NARROWEST;
  const lines = columns ? [header(trace, column)] : ['  #    actor: step'];
  for (let i = 0; i < rows.count; i++) {
    const row = rows.at(i);
    if (row.step < from || row.step > to) continue;
    const actor = actorOf(trace, row.step);
    const chain = chainOf(trace, row.step);
    const indent = '  '.repeat(row.kind === RowKind.call ? row.value - 1 : Math.max(0, chain.length - 1));
    const name = trace.actors[actor]?.name ?? '';
    const before = columns ? ' '.repeat(actor * column) : `${name}: `;
    if (row.kind === RowKind.event) {
      lines.push(clip(`${' '.repeat(2 + NUMBER)}${before}${trace.events[row.value]?.text ?? ''}`, WIDTH));
      continue;
    }
    if (row.kind === RowKind.call) {
      lines.push(clip(`${' '.repeat(2 + NUMBER)}${before}${indent}${chain[row.value]}()`, WIDTH));
      continue;
    }
    const head = `  ${String(row.step + 1).padEnd(NUMBER)}`;
    const effect = `${effectText(trace, row.step)}${row.step === failing ? '  !!' : ''}`;
    const left = clip(`${head}${before}${indent}${operationText(trace, row.step)}`, WIDTH - effect.length - 1);
    lines.push(`${left.padEnd(WIDTH - effect.length)}${effect}`.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

function header(trace: Trace, column: number): string {
  const names = trace.actors.map((actor) => clip(actor.name, column - 1).padEnd(column));
  return `  ${'#'.padEnd(NUMBER)}${names.join('')}`.trimEnd();
}

/** Cuts at `width` and says so. */
function clip(text: string, width: number): string {
  return text.length <= width ? text.trimEnd() : `${text.slice(0, Math.max(0, width - 3))}...`;
}

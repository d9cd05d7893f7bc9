/** An event of a traced page in words, and what is to be said at it. */
import type { DecodedCard, DecodeProgress, TracePage } from '../../preload/contract.ts';

/** GUP_PIN_COUNTING_BIAS of all released kernels. */
const BIAS = 1024;

export interface EventView {
  readonly line: string;
  readonly time: string;
  readonly task: string;
  readonly event: string;
  readonly count: string;
  readonly call: string;
  /** No call of the kernel causes it here. */
  readonly odd: boolean;
}

const WITH_RET = new Set(['mod_and_test', 'mod_and_return', 'mod_unless', 'freeze']);

export function eventView(page: TracePage, row: number, odd: ReadonlySet<number>): EventView {
  const op = page.ops[page.op[row] ?? 0] ?? '';
  const val = page.val[row] ?? 0;
  const ret = WITH_RET.has(op) ? ` ret=${page.ret[row]}` : '';
  const since = (page.time[row] ?? 0) - (page.time[0] ?? 0);
  return {
    line: String(page.line[row] ?? ''),
    time: `+${(since / 1e9).toFixed(6)}`,
    task: page.tasks[page.task[row] ?? 0] ?? '',
    event: `${op} ${val > 0 ? '+' : ''}${val}${ret}`,
    count: String(page.after[row] ?? ''),
    call: page.calls[page.call[row] ?? -1] ?? '',
    odd: odd.has(row),
  };
}

/** `1025 = 1 x 1024 + 1`: what a count would be on a small page. */
export function splitText(count: number): string {
  if (count >= 0 && count < BIAS) return String(count);
  const pins = Math.floor(count / BIAS);
  return `${count} = ${pins} x ${BIAS} + ${count - pins * BIAS}`;
}

/** What stands above the table about the event under the cursor. */
export function cursorText(page: TracePage, row: number): string {
  const before = row === 0 ? page.before : (page.after[row - 1] ?? 0);
  return `event ${row + 1}/${page.after.length}: _refcount ${before} -> ${splitText(page.after[row] ?? 0)}`;
}

export function oddRows(page: TracePage): ReadonlySet<number> {
  return new Set(page.odd.map(({ row }) => row));
}

/** A card as it is copied. */
export function cardText({ title, count, lines, odd, see }: DecodedCard): string {
  const parts = [
    title,
    `  refcount ${count}`,
    ...lines.map((line) => `  ${line}`),
    ...odd.map((text) => `  odd: ${text}`),
  ];
  for (const { experiment, file } of see) parts.push(`  see: "${experiment}" in scenarios/${file}`);
  return `${parts.join('\n')}\n`;
}

/** `reading 1.2 of 2.0 GB, 1,234,567 events ...` */
export function progressText(progress: DecodeProgress | null): string {
  if (progress === null) return 'reading ...';
  const { bytes, total, events } = progress;
  const gigabytes = total !== null && total >= 1e9;
  const size = (n: number) => (gigabytes ? (n / 1e9).toFixed(1) : (n / 1e6).toFixed(0));
  const of = total === null ? '' : ` of ${size(total)}`;
  return `reading ${size(bytes)}${of} ${gigabytes ? 'GB' : 'MB'}, ${events.toLocaleString('en-US')} events ...`;
}

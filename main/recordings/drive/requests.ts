/** Requests to the debugfs driver in its own words: `get 31 7f2a0d200000 1 1`, `refadd 31 0 3000`, `unpin 0`. */
import type { Page, Steps } from '../../engine/interface.ts';
import { ADD } from '../../engine/step.ts';
import { modelOf } from '../../engine/world.ts';
import type { CaptureSteps } from '../conform/capture.ts';
import type { MisuseLine } from '../format/sequence.ts';
import type { CaptureRecording } from '../read/recording.ts';
import type { Script } from './capture.ts';
import { type Program, SUCCESS } from './program.ts';
import { DRIVER, RELEASES, takeFrom } from './take.ts';

interface Request {
  readonly text: string;
  readonly op: string;
  readonly slot: number;
  /** Address and number of pages of a take, flags; index and number of a refadd. */
  readonly operands: readonly string[];
}

const OTHERS: readonly string[] = ['refadd', 'info', 'drop'];

function parse(text: string): Request | null {
  const [op = '', slot = '', ...operands] = text.split(' ');
  const known = DRIVER[op] !== undefined || RELEASES[op] !== undefined || OTHERS.includes(op);
  return known && /^\d+$/.test(slot) ? { text, op, slot: Number(slot), operands } : null;
}

export function requestScript({ steps }: CaptureSteps, { answers }: CaptureRecording): Script | string {
  const requests: Request[] = [];
  for (const { name } of steps) {
    const request = parse(name);
    if (request === null) return `the driver's request ${name} is not known`;
    requests.push(request);
  }
  const addresses = requests.filter(({ op }) => DRIVER[op] !== undefined).map(({ operands }) => operands[0] ?? '0');
  const base = Math.min(...addresses.map((address) => Number.parseInt(address, 16)));
  return function* ({ program }) {
    const slots = new Map<number, readonly Page[]>();
    for (const [i, request] of requests.entries()) yield* play(program, request, slots, base, answers?.[i]);
  };
}

const PAGE = 4096;

function* play(
  program: Program,
  { text, op, slot, operands }: Request,
  slots: Map<number, readonly Page[]>,
  base: number,
  answer: MisuseLine | undefined,
): Steps<void> {
  const taker = DRIVER[op];
  const way = RELEASES[op];
  let rc = 0;
  let held = slots.get(slot) ?? [];
  if (taker !== undefined) {
    const [address = '0', pages = '1', flags = '0'] = operands;
    const first = (Number.parseInt(address, 16) - base) / PAGE;
    const take = { first, pages: Number(pages), write: (Number(flags) & 1) !== 0 };
    const took = yield* takeFrom(program.kernel, program.buffer, taker, take);
    rc = took?.ret ?? -14;
    held = took === null ? [] : [...took];
    slots.set(slot, held);
  } else if (way !== undefined) yield* way(program.kernel, held);
  else if (op === 'refadd') yield* refadd(held, operands);
  const page = held[0] === undefined ? null : modelOf(held[0], text);
  yield* program.end(text, SUCCESS, { slot: { page, rc }, ...(answer === undefined ? {} : { answer }) });
}

/** The driver adds to a count as page_ref_add() does: a cushion, or the repair of one. */
function* refadd(held: readonly Page[], operands: readonly string[]): Steps<void> {
  const [index = '0', n = '0'] = operands;
  const page = held[Number(index)];
  if (page !== undefined) yield ADD(page.head._refcount, Number(n));
}

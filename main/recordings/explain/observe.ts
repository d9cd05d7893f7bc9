/** Runs calls in the engine, one after the other on one CPU, and writes down the page_ref events that a kernel would. */
import { ScriptMisuse } from '../../engine/errors.ts';
import { Machine } from '../../engine/explore/machine.ts';
import { PG_head } from '../../engine/flags.ts';
import type { Lab, Steps } from '../../engine/interface.ts';
import type { KernelRevision } from '../../engine/kernels/index.ts';
import { buildWorld } from '../../engine/lab.ts';
import type { PageModel } from '../../engine/page.ts';
import { Op } from '../../engine/trace.ts';
import { refEventOf } from '../conform/ref-event.ts';
import type { RefOp } from '../format/page-ref.ts';

/** One event as the model makes it. */
export interface ModelEvent {
  readonly page: PageModel;
  readonly op: RefOp;
  readonly val: number;
  readonly ret: number | null;
  /** `_refcount` after it. */
  readonly count: number;
  /** The page is the head of a large folio. */
  readonly large: boolean;
}

/** What a call does in the engine. Events count between `watch()` and the end. */
export type Scene = (lab: Lab, watch: () => void) => () => Steps<void>;

export interface Observed {
  readonly events: readonly ModelEvent[];
  /** Value of a counter such as nr_foll_pin_acquired since `watch()`. */
  readonly counted: (name: string) => number;
}

/** More steps than any call of the list takes. */
const MOST_STEPS = 200_000;

/** @throws what the engine throws, NotApplicable where the kernel lacks a function. */
export function observe(revision: KernelRevision, scene: Scene, lruBatch = false): Observed {
  let watching = false;
  let before: (name: string) => number = () => 0;
  const events: ModelEvent[] = [];
  const started: { machine: Machine | null } = { machine: null };
  const counterOf = (name: string): number => {
    const { machine } = started;
    if (machine === null) return 0;
    const word = machine.world.memory.words.findIndex((info) => info.name === name);
    return word < 0 ? 0 : machine.read(word);
  };
  const body = (lab: Lab): void => {
    const program = scene(lab, () => {
      watching = true;
      const base = new Map(['nr_foll_pin_acquired', 'nr_foll_pin_released'].map((name) => [name, counterOf(name)]));
      before = (name) => base.get(name) ?? 0;
    });
    lab.task('program', function* () {
      yield* program();
    });
  };
  const world = buildWorld({ name: 'a call', options: { arch: { lruBatch } }, body, line: 0 }, revision, () => null);
  const machine = new Machine(world, '', false);
  started.machine = machine;
  const [program] = machine.actors;
  for (let steps = 0; program?.done === false; steps++) {
    if (steps > MOST_STEPS || !machine.enabled(0)) throw new ScriptMisuse('the call does not come to its end');
    const { op, word, a, b } = program;
    const watched = watching;
    const info = world.memory.words[word];
    const page = info?.field === '_refcount' ? world.pageOf(info.object) : null;
    const value = page === null ? 0 : machine.read(word);
    machine.step(0);
    if (page === null || op === Op.R || !watched) continue;
    const count = machine.read(word);
    const event = refEventOf({ op, a, b, before: value, after: count });
    if (event === null) continue;
    const large = (machine.read(page.head.flags.index) & PG_head) !== 0 && page === page.head;
    events.push({ ...event, page, count, large });
  }
  return { events, counted: (name) => counterOf(name) - before(name) };
}

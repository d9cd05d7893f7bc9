/**
 * A schedule as rows of a race table: calls nested under their callers, one event a row, time running down. What the
 * rows look like on paper is race-table.ts.
 */
import { type Frame, Op, type Trace } from '../engine/trace.ts';
import { plain } from './columns.ts';
import { isAct, kernelChain } from './kernel-names.ts';
import { planCpus } from './race-cpus.ts';
import { shownSteps } from './race-words.ts';
import { allSteps, at, type Step } from './steps.ts';
import { ownerName, stepPhrase, valueText, wordName } from './values.ts';

/** Values of one shown word over the steps a row stands for. */
export interface StateSpan {
  readonly first: string;
  readonly last: string;
}

export interface RaceRow {
  /** Column; -1 for a remark that spans all columns. */
  readonly cpu: number;
  /** Nesting, 0 the outermost. */
  readonly depth: number;
  readonly text: string;
  /** `text` without the arguments of a call. */
  readonly short: string;
  /** How many times the row happened in a row. */
  readonly count: number;
  /** One entry a shown word; null where the row says nothing of it. */
  readonly states: readonly (StateSpan | null)[];
  /** 0-based number of the step that the row stands for (the last one if folded), null for a call without a step. */
  readonly step: number | null;
  readonly failing: boolean;
}

/** A function call in progress: `id` tells two calls of one function apart. */
interface Activation {
  readonly id: number;
  readonly frame: Frame;
  /** What happened directly in it, in order: steps by signature, callees by name. Shows when it was called anew. */
  readonly items: string[];
  printed: boolean;
}

/** A step with the calls it happened in, outermost first; the actor's own code is left out. */
interface Placed {
  readonly step: Step;
  readonly calls: readonly Activation[];
}

function sameFrame(x: Frame, y: Frame): boolean {
  return x.fn === y.fn && x.line === y.line && x.column === y.column;
}

function signatureOf(step: Step): string {
  return `${step.op}/${step.word}/${step.a}/${step.b}`;
}

/** What a step is to the call at `depth` of its chain: a step of its own, a callee, or '' outside of it. */
function itemAt(frames: readonly Frame[], depth: number, fn: string, step: Step): string {
  if (frames[depth]?.fn !== fn) return '';
  const callee = frames[depth + 1];
  return callee === undefined ? signatureOf(step) : `>${callee.fn}`;
}

/**
 * True where `step`, directly in an open call, begins the same function anew: it repeats an operation of that call. A
 * repeated read is a re-check within the call, unless what follows repeats as well.
 */
function beginsAnew(open: Activation, step: Step, following: string): boolean {
  if (!open.items.includes(signatureOf(step))) return false;
  if (step.op !== Op.R) return true;
  const second = open.items[1];
  return second === undefined || (following === '' ? !second.startsWith('>') : following === second);
}

/**
 * Tells calls apart. A place has function names and, for the author's frames, positions; a call is new where a caller
 * moved on, or where its own code begins anew.
 */
function placeSteps(trace: Trace, kernel: string): Placed[] {
  const steps = allSteps(trace);
  const chains = trace.places.map(({ frames }) => kernelChain(frames, kernel));
  const frames = steps.map((step) => at(chains, step.place, 'place'));
  const next = nextOfActor(steps);
  const open = trace.actors.map((): Activation[] => []);
  let nextId = 0;
  return steps.map((step, n) => {
    const chain = frames[n] ?? [];
    const stack = open[step.actor] ?? [];
    let keep = 0;
    for (
      let now = chain[0], was = stack[0];
      now && was && sameFrame(now, was.frame);
      now = chain[keep], was = stack[keep]
    ) {
      keep++;
    }
    const innermost = stack[keep - 1];
    if (keep > 1 && keep === chain.length && innermost !== undefined) {
      const later = steps[next[n] ?? -1];
      const following = later === undefined ? '' : itemAt(frames[later.n] ?? [], keep - 1, innermost.frame.fn, later);
      if (beginsAnew(innermost, step, following)) keep--;
    }
    stack.length = keep;
    for (const frame of chain.slice(keep)) {
      stack.at(-1)?.items.push(`>${frame.fn}`);
      stack.push({ id: nextId++, frame, items: [], printed: false });
    }
    stack.at(-1)?.items.push(signatureOf(step));
    open[step.actor] = stack;
    return { step, calls: stack.slice(1) };
  });
}

/** An actor's outermost kernel call: `bio0: bio_release_pages()`, and the number of its last step. */
export interface CallSpan {
  readonly label: string;
  readonly last: number;
}

/** The outermost kernel calls of a schedule, in the order in which they end. */
export function callSpans(trace: Trace, kernel = ''): CallSpan[] {
  const spans = new Map<number, CallSpan>();
  for (const { step, calls } of placeSteps(trace, kernel)) {
    const outermost = calls[0];
    if (outermost === undefined) continue;
    const actor = plain(at(trace.actors, step.actor, 'actor').name);
    spans.set(outermost.id, { label: `${actor}: ${callText(trace, outermost.frame, null)}`, last: step.n });
  }
  return [...spans.values()].sort((x, y) => x.last - y.last);
}

/** For every step the number of its actor's next one, -1 for the last. */
function nextOfActor(steps: readonly Step[]): number[] {
  const upcoming = new Map<number, number>();
  const next = steps.map(() => -1);
  for (const step of [...steps].reverse()) {
    next[step.n] = upcoming.get(step.actor) ?? -1;
    upcoming.set(step.actor, step.n);
  }
  return next;
}

/** Calls deeper than this lose their wrappers; in a table that has no room, calls deeper than the second. */
const DEEPEST = 4;
const DEEPEST_THIN = 2;

/**
 * Calls that only pass on to one other call, which passes on in turn: `internal_get_user_pages_fast()` between
 * `pin_user_pages_fast()` and `gup_huge_pmd()`. In deep chains they are left out, the outermost first; never the first
 * call of an actor, and, unless `thin`, none whose only callee takes the steps.
 */
function wrappersIn(placed: readonly Placed[], thin: boolean): Set<number> {
  const deepest = thin ? DEEPEST_THIN : DEEPEST;
  const callees = new Map<number, Set<number>>();
  const direct = new Set<number>();
  for (const { calls } of placed) {
    const inner = calls.at(-1);
    if (inner !== undefined) direct.add(inner.id);
    calls.forEach((call, depth) => {
      const callee = calls[depth + 1];
      const known = callees.get(call.id) ?? new Set<number>();
      callees.set(call.id, callee === undefined ? known : known.add(callee.id));
    });
  }
  const left = new Set<number>();
  for (const { calls } of [...placed].sort((x, y) => y.calls.length - x.calls.length || x.step.n - y.step.n)) {
    let depth = calls.filter((call) => !left.has(call.id)).length;
    calls.forEach((call, i) => {
      const callee = calls[i + 1];
      if (depth <= deepest || i === 0 || callee === undefined || left.has(call.id)) return;
      if (direct.has(call.id) || (!thin && direct.has(callee.id)) || callees.get(call.id)?.size !== 1) return;
      left.add(call.id);
      depth--;
    });
  }
  return left;
}

/** `put_user_page(buf)`: the call that a single step stands for, with the page it is about. */
function callText(trace: Trace, frame: Frame, step: Step | null): string {
  const kind = step === null || step.word < 0 ? '' : trace.objects[trace.words[step.word]?.object ?? -1]?.kind;
  const argument = step !== null && (kind === 'folio' || kind === 'page') ? ownerName(trace, step.word) : '';
  if (isAct(frame.fn)) return argument === '' ? frame.fn : `${frame.fn} ${argument}`;
  return `${plain(frame.fn) || 'anonymous'}(${argument})`;
}

/** True where a call's name and the new state say all there is to say about its only step: also `mmap_read_lock()`. */
function saysItself(trace: Trace, step: Step, words: readonly number[]): boolean {
  if (step.word >= 0 && trace.words[step.word]?.field === 'mmap_lock') return step.op !== Op.WAIT;
  if (!words.includes(step.word)) return false;
  return step.op === Op.ADD || step.op === Op.ADDR || step.op === Op.SUBT || (step.op === Op.ADDU && step.result === 1);
}

/** How a step's word is called in a row: the field for a shown word, the full name for any other. */
function label(trace: Trace, step: Step, words: readonly number[]): string {
  if (step.word < 0) return '';
  const field = at(trace.words, step.word, 'word').field;
  const alone = words.filter((word) => trace.words[word]?.field === field).length === 1;
  return words.includes(step.word) && alone ? field : wordName(trace, step.word);
}

/**
 * All rows of a schedule, unfolded. `words` are the shown words; `failingStep` is -1 for a schedule that fails nothing;
 * `thin` leaves out every call that only passes on; `kernel` is whose names the functions get, '' for the model's.
 */
export function raceRows(
  trace: Trace,
  words: readonly number[],
  failingStep: number,
  { thin = false, kernel = '' }: { readonly thin?: boolean; readonly kernel?: string } = {},
): { rows: RaceRow[]; cpus: number[][] } {
  const plan = planCpus(trace);
  const shown = shownSteps(trace, words, failingStep);
  const placed = placeSteps(trace, kernel);
  const stepsIn = new Map<number, number>();
  for (const { step, calls } of placed) {
    if (!shown.has(step.n)) continue;
    for (const call of calls) stepsIn.set(call.id, (stepsIn.get(call.id) ?? 0) + 1);
  }
  const wrappers = wrappersIn(
    placed.filter(({ step }) => shown.has(step.n)),
    thin,
  );
  const rows: RaceRow[] = [];
  const announced = new Set<number>();
  const nothing = words.map(() => null);
  const push = (actor: number, depth: number, text: string, step: Step | null, short = text) => {
    const states = step === null ? nothing : words.map((word) => (word === step.word ? stateAfter(trace, step) : null));
    const failing = step !== null && step.n === failingStep;
    rows.push({ cpu: plan.cpuOf[actor] ?? 0, depth, text, short, count: 1, states, step: step?.n ?? null, failing });
  };
  for (const { step, calls } of placed) {
    if (!shown.has(step.n)) continue;
    const base = plan.nested[step.actor] ? 1 : 0;
    if (base === 1 && !announced.has(step.actor)) {
      announced.add(step.actor);
      push(step.actor, 0, `<IRQ: ${plain(at(trace.actors, step.actor, 'actor').name)}>`, null);
    }
    const chain = calls.filter((call) => !wrappers.has(call.id));
    const inner = chain.at(-1);
    const merged = inner !== undefined && stepsIn.get(inner.id) === 1 && saysItself(trace, step, words);
    chain.forEach((call, depth) => {
      if (call.printed) return;
      call.printed = true;
      if (!(merged && call === inner)) push(step.actor, base + depth, callText(trace, call.frame, null), null);
    });
    if (merged) {
      const bare = callText(trace, inner.frame, null);
      push(step.actor, base + chain.length - 1, callText(trace, inner.frame, step), step, bare);
    } else push(step.actor, base + chain.length, stepPhrase(trace, step, label(trace, step, words)), step);
    for (const event of trace.events) {
      if (event.step !== step.n) continue;
      const text = event.kind === 'note' ? `// ${plain(event.text)}` : plain(event.text);
      push(step.actor, base + chain.length, event.kind === 'WARN' ? `WARNING: ${text}` : text, null);
    }
  }
  return usedCpus(trace, rows, plan.cpuOf, plan.nested);
}

function stateAfter(trace: Trace, step: Step): StateSpan {
  const text = valueText(trace, step.word, step.after);
  return { first: text, last: text };
}

/** Renumbers the columns so that those without a row vanish. `cpus` lists the actors named at each column's head. */
function usedCpus(
  trace: Trace,
  rows: readonly RaceRow[],
  cpuOf: readonly number[],
  nested: readonly boolean[],
): { rows: RaceRow[]; cpus: number[][] } {
  const used = [...new Set(rows.map((row) => row.cpu))].sort((x, y) => x - y);
  const cpus = used.map((cpu) =>
    trace.actors.flatMap((_, actor) => (cpuOf[actor] === cpu && !nested[actor] ? [actor] : [])),
  );
  return { rows: rows.map((row) => ({ ...row, cpu: used.indexOf(row.cpu) })), cpus };
}

/**
 * A whole trace as plain text, for `gupbook replay`, "copy table" and archives: one row a step, all names and places
 * listed below. Deterministic, ASCII, at most 72 columns; {@link parseTrace} (trace-parse.ts) reads it back.
 *
 *     Gupbook trace 1, bias 1024
 *     schedule
 *       0x5.1x2
 *     steps
 *       4 submit ADDU(+1024) buf._refcount 1 -> 1025 = 1 @1 user_page_ref_inc
 *           * starts bio0
 *
 * A row is: number, actor, operation with its operands, word (`-` for none), value before and after (one number where
 * it did not change), `= result` where the actor was handed something worth saying, the number of the place; then,
 * where there is room, what the numbers mean in braces and the innermost function. Below it: `*` what the actor's code
 * did until its next step, `!` what the kernel would have printed.
 */
import { applyOp, outcome } from '../engine/step.ts';
import { Effect, MARK_ABA, type ObjectInfo, Op, type Trace } from '../engine/trace.ts';
import { cut, plain } from './columns.ts';
import { allSteps, at, type EffectTriple, effectsOf, opName, type Step } from './steps.ts';
import { nameOfToken, shortNames } from './trace-names.ts';
import { foldTokens, isBare, stringTokens } from './trace-tokens.ts';
import { valueText } from './values.ts';

export const TRACE_TITLE = 'Gupbook trace 1';

/** Tokens for actors, words and objects; an index outside its table is written `#n`. */
interface Names {
  readonly actors: readonly string[];
  readonly words: readonly string[];
  readonly objects: readonly string[];
}

function named(list: readonly string[], index: number): string {
  return list[index] ?? `#${index}`;
}

/** Results that say something the values do not. */
const TELLING = new Set<number>([Op.ADDU, Op.SUBT, Op.CAS, Op.TRYLK, Op.CHOOSE]);

/** What the engine's own rule says of a step: a row leaves out what follows from it. */
export function ruled(step: Pick<Step, 'op' | 'before' | 'a' | 'b' | 'actor'>): { after: number; result: number } {
  applyOp(step.op, step.before, step.a, step.b, step.actor);
  return { after: outcome.after, result: outcome.result };
}

function operation(step: Step): string {
  const sign = step.a >= 0 && (step.op === Op.ADD || step.op === Op.ADDR || step.op === Op.ADDU) ? '+' : '';
  if (step.b !== 0) return `${opName(step.op)}(${step.a},${step.b})`;
  return step.a === 0 ? opName(step.op) : `${opName(step.op)}(${sign}${step.a})`;
}

/** The value in words, for formats whose numbers say nothing: `{buf wd -> none}`. */
function meaning(trace: Trace, step: Step): string[] {
  const format = trace.words[step.word]?.format;
  if (format === undefined || format === 'int' || format === 'seq') return [];
  // Braces and non-ASCII letters of names would end the remark or the line's width.
  const show = (value: number) => cut(valueText(trace, step.word, value).replace(/[{}"]|[^\x20-\x7e]/g, '?'), 24);
  const text = step.before === step.after ? show(step.after) : `${show(step.before)} -> ${show(step.after)}`;
  return [`{${text}}`];
}

function innermost(trace: Trace, step: Step): string[] {
  const fn = plain(trace.places[step.place]?.frames.at(-1)?.fn ?? '');
  return isBare(fn) ? [fn.slice(0, 28)] : [];
}

/** The cells of a row that are aligned, and the tokens after them. */
interface Row {
  readonly cells: readonly string[];
  readonly rest: readonly string[];
  /** For readers only: said where the row has room for it. */
  readonly remarks: readonly string[];
  readonly below: readonly string[];
}

function rowOf(trace: Trace, names: Names, step: Step): Row {
  const { result } = ruled(step);
  const word = step.word === -1 ? '-' : named(names.words, step.word);
  const values = step.before === step.after ? `${step.before}` : `${step.before} -> ${step.after}`;
  const rest: string[] = [];
  if (TELLING.has(step.op) || step.result !== result) rest.push('=', `${step.result}`);
  if (step.marks === MARK_ABA) rest.push('ABA');
  else if (step.marks !== 0) rest.push(`marks:${step.marks}`);
  rest.push(`@${step.place}`);
  return {
    cells: [`${step.n + 1}`, named(names.actors, step.actor), operation(step), word, values],
    rest,
    remarks: [...meaning(trace, step), ...innermost(trace, step)],
    below: [
      ...effectsOf(trace, step).flatMap((effect) => foldTokens('      ', ['*', ...effectTokens(names, effect)])),
      ...trace.events
        .filter((event) => event.step === step.n)
        .flatMap((event) => foldTokens('      ', ['!', event.kind, ...stringTokens(event.text)])),
    ],
  };
}

function effectTokens(names: Names, [kind, x, y]: EffectTriple): string[] {
  switch (kind) {
    case Effect.add:
      return [named(names.words, x), y < 0 ? '-=' : '+=', `${Math.abs(y)}`];
    case Effect.set:
      return [named(names.words, x), ':=', `${y}`];
    case Effect.spawn:
      return ['starts', named(names.actors, x), ...(y === 0 ? [] : [`${y}`])];
    case Effect.done:
      return ['ends', named(names.actors, x), ...(y === 0 ? [] : [`${y}`])];
    default:
      return ['effect', `${kind}`, `${x}`, `${y}`];
  }
}

function scheduleLines(schedule: string): string[] {
  if (!/^[0-9x.?]*$/.test(schedule)) return foldTokens('  ', stringTokens(schedule));
  // Cut behind dots; the reader joins the pieces.
  const pieces = schedule.match(/.{1,56}(?:\.|$)|.{1,56}/g) ?? [];
  return foldTokens('  ', pieces);
}

/** The name as further tokens where the short one is not the name itself. */
function fullName(short: string, name: string): string[] {
  return nameOfToken(short) === name ? [] : ['is', ...stringTokens(name)];
}

/** How many objects from `from` on are one after the other `buf[1]`, `buf[2]` ... and alike: they stand on one line. */
function tailRun(objects: readonly ObjectInfo[], from: number): number {
  const first = objects[from];
  const [, stem, number] = /^(\w+)\[(\d{1,6})\]$/.exec(first?.name ?? '') ?? [];
  if (first === undefined || stem === undefined || number === undefined) return 1;
  let count = 1;
  for (let next = objects[from + count]; next !== undefined; next = objects[from + count]) {
    const alike = next.kind === first.kind && next.head === first.head && next.order === first.order;
    if (!alike || next.name !== `${stem}[${Number(number) + count}]`) break;
    count++;
  }
  // A run is read back from its first name, so that must be the object's own.
  return `${stem}[${Number(number)}]` === first.name && first.name.length < 20 ? count : 1;
}

function objectTokens(objects: readonly ObjectInfo[], names: Names, index: number, count: number): string[] {
  const { kind, order, head, name } = at(objects, index, 'object');
  const short = named(names.objects, index);
  return [
    short,
    ...(count > 1 ? [`x${count}`] : []),
    kind,
    ...(order === -1 ? [] : ['order', `${order}`]),
    ...(head === -1 ? [] : ['head', named(names.objects, head)]),
    ...fullName(short, name),
  ];
}

function tables(trace: Trace, names: Names): string[] {
  const actors = trace.actors.map((actor, i) => [
    named(names.actors, i),
    actor.kind,
    ...fullName(named(names.actors, i), actor.name),
  ]);
  const objects: string[][] = [];
  for (let i = 0; i < trace.objects.length; ) {
    const count = tailRun(trace.objects, i);
    objects.push(objectTokens(trace.objects, names, i, count));
    i += count;
  }
  const words = trace.words.map((word, i) => [
    named(names.words, i),
    '=',
    `${trace.initial[i] ?? 0}`,
    word.format,
    'of',
    named(names.objects, word.object),
    ...stringTokens(word.field),
    ...fullName(named(names.words, i), word.name),
  ]);
  const places = trace.places.map((place, i) => [
    `@${i}`,
    ...place.frames.flatMap((frame, depth) => [
      ...(depth > 0 ? ['>'] : []),
      ...stringTokens(frame.fn),
      ...(frame.line === 0 && frame.column === 0 ? [] : [`${frame.line}:${frame.column}`]),
    ]),
  ]);
  const section = (title: string, rows: readonly (readonly string[])[]) => [
    title,
    ...rows.flatMap((row) => foldTokens('  ', row)),
  ];
  return [
    ...section('actors', actors),
    ...section('objects', objects),
    ...section('words', words),
    ...section('places', places),
  ];
}

/** Widest that a column is padded to: one long name does not push all rows apart. */
const WIDEST_CELLS = [7, 16, 14, 20, 14];

function stepLines(rows: readonly Row[]): string[] {
  const widths = WIDEST_CELLS.map((most, i) =>
    Math.min(most, Math.max(0, ...rows.map((row) => row.cells[i]?.length ?? 0))),
  );
  return rows.flatMap((row) => {
    const [n = '', ...cells] = row.cells;
    const padded = cells.map((cell, i) => cell.padEnd(widths[i + 1] ?? 0));
    const start = `  ${n.padStart(widths[0] ?? 0)} `;
    let lines = foldTokens(start, [...padded, ...row.rest]);
    for (let said = row.remarks.length; said > 0; said--) {
      const longer = foldTokens(start, [...padded, ...row.rest, ...row.remarks.slice(0, said)]);
      if (longer.length > lines.length) continue;
      lines = longer;
      break;
    }
    return [...lines, ...row.below];
  });
}

/**
 * The text, with a line end at its end. The same trace gives the same bytes.
 * @throws RangeError if an effect or step points outside the trace's own arrays.
 */
export function traceText(trace: Trace): string {
  const names: Names = {
    actors: shortNames(trace.actors.map((actor) => actor.name)),
    words: shortNames(trace.words.map((word) => word.name)),
    objects: shortNames(trace.objects.map((object) => object.name)),
  };
  const rows = allSteps(trace).map((step) => {
    at(trace.places, step.place, 'place');
    return rowOf(trace, names, step);
  });
  const lines = [
    `${TRACE_TITLE}, bias ${trace.bias}`,
    'schedule',
    ...scheduleLines(trace.schedule),
    'steps',
    ...stepLines(rows),
    ...tables(trace, names),
    'end',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * A trace as plain text, all of it: a line per step, and below it what the actor's code did in the same transition and
 * what the kernel printed. The same trace gives the same bytes, in the window and on the command line.
 */
import { Effect, MARK_ABA, Op, type Trace } from '../engine/trace.ts';
import { plain } from './columns.ts';
import { allSteps, at, effectsOf, opName, type Step } from './steps.ts';
import { valueText, wordName } from './values.ts';

/** A line for every step under a head line, preceded by the actors. Ends in a newline. */
export function traceText(trace: Trace): string {
  const rows = allSteps(trace).map((step) => stepRow(trace, step));
  const head: Row = { cells: ['step', 'actor', 'op', 'word', 'before', 'after', 'result', 'place'], below: [] };
  const all = [head, ...rows];
  const widths = head.cells.map((_, column) => Math.max(...all.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = all.flatMap(({ cells, below }) => [
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
    ...below.map((line) => `${' '.repeat((widths[0] ?? 0) + 2)}  ${line}`),
  ]);
  const actors = trace.actors.map(({ name, kind }, number) => `actor ${number}: ${plain(name)} (${kind})`);
  return [...actors, `schedule: ${trace.schedule}`, '', ...lines].map((line) => `${line.trimEnd()}\n`).join('');
}

interface Row {
  readonly cells: readonly string[];
  readonly below: readonly string[];
}

function stepRow(trace: Trace, step: Step): Row {
  const { n, actor, op, word } = step;
  const value = (number: number) => (word < 0 ? '' : valueText(trace, word, number));
  const cells = [
    `${n + 1}`,
    plain(at(trace.actors, actor, 'actor').name),
    operation(trace, step),
    word < 0 ? '' : wordName(trace, word),
    value(step.before),
    value(step.after),
    result(trace, op, step),
    place(trace, step),
  ];
  return { cells, below: [...effects(trace, step), ...events(trace, n)] };
}

/** The operation with its operands, in the notation of {@link Op}. */
function operation(trace: Trace, { op, word, a, b }: Step): string {
  const name = opName(op);
  const value = (number: number) => (word < 0 ? `${number}` : valueText(trace, word, number));
  switch (op) {
    case Op.ADD:
    case Op.ADDU:
    case Op.ADDR:
    case Op.SUBT:
      return `${name} ${a}`;
    case Op.W:
    case Op.XCHG:
      return `${name} ${value(a)}`;
    case Op.CAS:
      return `${name} ${value(a)} -> ${value(b)}`;
    case Op.WAIT:
      return `${name} ${b === 1 ? 'not ' : ''}${value(a)}`;
    case Op.CHOOSE:
      return `${name} ${a}`;
    default:
      return name;
  }
}

/** What the operation handed to the actor. */
function result(trace: Trace, op: number, { word, result: value, marks }: Step): string {
  const aba = marks & MARK_ABA ? ' ABA' : '';
  switch (op) {
    case Op.ADDU:
    case Op.SUBT:
    case Op.CAS:
    case Op.TRYLK:
    case Op.CHOOSE:
      return `${value}${aba}`;
    case Op.R:
    case Op.XCHG:
    case Op.ADDR:
    case Op.WAIT:
      return word < 0 ? `${value}${aba}` : `${valueText(trace, word, value)}${aba}`;
    default:
      return aba.trim();
  }
}

/** The author's own line that the step belongs to, and the innermost kernel function. */
function place(trace: Trace, step: Step): string {
  const frames = trace.places[step.place]?.frames ?? [];
  const own = frames.findLast(({ line }) => line > 0);
  const inner = frames.at(-1);
  const where = own === undefined ? '' : `${plain(own.fn)}:${own.line}:${own.column}`;
  return inner === undefined || inner === own ? where : `${where} ${plain(inner.fn)}()`.trim();
}

function effects(trace: Trace, step: Step): string[] {
  return effectsOf(trace, step).map(([kind, x, y]) => {
    switch (kind) {
      case Effect.add:
        return `${wordName(trace, x)} ${y < 0 ? '-=' : '+='} ${Math.abs(y)}`;
      case Effect.set:
        return `${wordName(trace, x)} = ${valueText(trace, x, y)}`;
      case Effect.spawn:
        return `starts ${plain(at(trace.actors, x, 'actor').name)}`;
      default:
        return `${plain(at(trace.actors, x, 'actor').name)} has finished`;
    }
  });
}

function events(trace: Trace, step: number): string[] {
  return trace.events.filter((event) => event.step === step).map(({ kind, text }) => `${kind}: ${plain(text)}`);
}

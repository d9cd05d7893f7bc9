/**
 * `promela`: a model for Spin, made from the shortest failing schedule: each actor's steps in order, all interleavings
 * of them. Spin finds one error where the outcome of the schedule can be reached, which is an independent confirmation.
 */
import { Op, type Trace } from '../../engine/trace.ts';
import { plain, wrap } from '../columns.ts';
import { Refusal } from '../refusal.ts';
import type { FoundFailure, Report } from '../report.ts';
import { firstThatFits, type Run, type StraightLine, stepName, straightLine, type Thread } from '../straight-line.ts';

interface Model {
  readonly trace: Trace;
  readonly line: StraightLine;
}

/** Leaves the path unless the condition holds. */
function expectThat(condition: string, action: string): string {
  return `atomic { if :: ${condition} -> ${action} :: else -> off_path = true; goto off fi }`;
}

/** Flags of the CPUs that the other actors have their interrupts off on. */
function irqWords({ line }: Model, thread: Thread): string[] {
  const words = line.threads
    .filter((other) => other !== thread)
    .flatMap((other) => other.runs.map((run) => run.step))
    .filter((step) => step.op === Op.IRQ_OFF || step.op === Op.IRQ_ON)
    .map((step) => step.word);
  return line.words.filter((entry) => words.includes(entry.word)).map((entry) => entry.name);
}

/** One step as a Promela statement. Values that the actor saw are conditions for staying on its path. */
function statement(model: Model, thread: Thread, { step }: Run): string {
  const x = model.line.words.find((entry) => entry.word === step.word)?.name ?? '';
  const self = thread.actor + 1;
  switch (step.op) {
    case Op.R:
      return expectThat(`${x} == ${step.before}`, 'skip');
    case Op.WAIT:
      return `(${x} ${step.b === 0 ? '==' : '!='} ${step.a})`;
    case Op.W:
      return `${x} = ${step.after}`;
    case Op.ADD:
      return `${x} = ${x} + (${step.a})`;
    case Op.ADDR:
      return expectThat(`${x} == ${step.before}`, `${x} = ${x} + (${step.a})`);
    case Op.ADDU:
      return step.result === 1 ? expectThat(`${x} != 0`, `${x} = ${x} + (${step.a})`) : expectThat(`${x} == 0`, 'skip');
    case Op.SUBT:
      return expectThat(`${x} ${step.result === 1 ? '==' : '!='} ${step.a}`, `${x} = ${x} - (${step.a})`);
    case Op.CAS:
      return step.result === 1
        ? expectThat(`${x} == ${step.a}`, `${x} = ${step.b}`)
        : expectThat(`${x} != ${step.a}`, 'skip');
    case Op.XCHG:
      return expectThat(`${x} == ${step.before}`, `${x} = ${step.a}`);
    case Op.LK:
      return `atomic { (${x} == 0) -> ${x} = ${self} }`;
    case Op.UL:
      return `${x} = 0`;
    case Op.IRQ_OFF:
      return `${x} = 1`;
    case Op.IRQ_ON:
      return `${x} = 0`;
    case Op.SYNC: {
      const others = irqWords(model, thread).map((name) => `${name} == 0`);
      return others.length === 0 ? 'skip' : `(${others.join(' && ')})`;
    }
    case Op.TRYLK:
      return step.result === 1 ? expectThat(`${x} == 0`, `${x} = ${self}`) : expectThat(`${x} != 0`, 'skip');
    default:
      throw new Refusal(`no, because ${stepName(model.trace, step)} has no counterpart in Promela`);
  }
}

/** A run as lines; a counted one is a loop, so that other processes can come between. */
function runLines(model: Model, thread: Thread, run: Run): string[] {
  const spawns = run.spawns.flatMap((actor) => {
    const other = model.line.threads.find((candidate) => candidate.actor === actor);
    return other?.spawned ? [`run ${other.name}();`] : [];
  });
  if (run.step.word < 0 && run.step.op !== Op.SYNC) return spawns;
  const code = statement(model, thread, run);
  const note = `/* step ${run.step.n + 1} */`;
  if (run.count === 1) return [`${code}; ${note}`, ...spawns];
  return ['i = 0;', 'do', `:: i < ${run.count} -> ${code}; i++ ${note}`, ':: else -> break', 'od;', ...spawns];
}

function processText(model: Model, thread: Thread): string {
  const body = thread.runs.flatMap((run) => runLines(model, thread, run));
  const counter = thread.runs.some((run) => run.count > 1) ? '\tint i = 0;\n\n' : '';
  return `proctype ${thread.name}()\n{\n${counter}${body.map((line) => `\t${line}\n`).join('')}off:\tskip\n}\n`;
}

function comment(report: Report, model: Model, check: string, kernel: string): string {
  const { line, trace } = model;
  const text = [
    `${plain(report.file.name)}, kernel ${plain(kernel)}: ${plain(check)}.`,
    line.setUp > 0 ? `The ${line.setUp} steps before a second actor can run are in the initial values.` : '',
    'Each process does what its actor did in the failing schedule, in every interleaving; one that would see another ' +
      'value leaves its path. The assertion says that the outcome of the schedule is not reached: Spin finds it.',
    `Schedule ${trace.schedule}.`,
    'spin -a FILE && cc -O2 -DSAFETY -o pan pan.c && ./pan -E -m1000000',
  ];
  const lines = text.filter((part) => part !== '').flatMap((part) => wrap(part.replace(/\*\//g, '* /'), 72, ' * '));
  return `/*\n${lines.join('\n')}\n */`;
}

/** Promela's own words and ours: no process or variable may be called so. */
const RESERVED = new Set(
  `
    active assert atomic bit bool break byte chan d_step do else eval fi goto if init int len mtype
    never od off off_path i pid printf priority proctype run short skip timeout typedef unless unsigned
    xr xs select for in full empty true false hidden show local trace notrace inline ltl enabled
    provided value np_ nempty nfull cond_expr of return set_p get_p
  `.split(/\s+/),
);

function checkNames(line: StraightLine): void {
  const clash = [...line.words, ...line.threads].find((entry) => RESERVED.has(entry.name));
  if (clash !== undefined) {
    throw new Refusal(`no, because "${clash.name}" is a word of Promela: rename the actor or word in the notebook`);
  }
}

/** @throws Refusal, beginning with `no, because`, where the failure cannot be written so. */
function promelaOf(report: Report, { failure, result }: FoundFailure): string {
  const line = straightLine(failure);
  if (line.threads.length < 2) {
    throw new Refusal('no, because only one actor runs after the set-up: there is nothing to interleave');
  }
  checkNames(line);
  const model: Model = { trace: failure.trace, line };
  const started = line.threads.filter((thread) => !thread.spawned).map((thread) => `\t\trun ${thread.name}();\n`);
  const outcome = line.words.map((entry) => `${entry.name} == ${entry.final}`).join(' && ');
  return [
    comment(report, model, failure.check, result.kernel),
    '',
    ...line.words.map((entry) => `int ${entry.name} = ${entry.initial};`),
    'bool off_path = false;',
    '',
    ...line.threads.map((thread) => processText(model, thread)),
    'init {',
    `\tatomic {\n${started.join('')}\t}`,
    '\t(_nr_pr == 1);',
    `\tassert(off_path || !(${outcome}))`,
    '}',
    '',
  ].join('\n');
}

/**
 * The first failure that can be written so (of those chosen, where some were).
 * @throws Refusal, beginning with `no, because`, with the reason of the first where none can.
 */
export function promelaFormat(report: Report): string {
  return firstThatFits(report, (found) => promelaOf(report, found));
}

/**
 * `litmus`: a C litmus test for herd7 and the Linux kernel memory model, made from the shortest failing schedule. It
 * asks whether the kernel's memory model allows the outcome of that schedule: `Sometimes` confirms it, since a
 * sequentially consistent schedule is always allowed; `Never` would mean that this text or the model is wrong.
 */
import { Op, type Trace } from '../../engine/trace.ts';
import { plain, wrap } from '../columns.ts';
import { Refusal } from '../refusal.ts';
import type { FoundFailure, Report } from '../report.ts';
import type { Step } from '../steps.ts';
import {
  firstThatFits,
  identifier,
  type Run,
  type StraightLine,
  stepName,
  straightLine,
  type Thread,
} from '../straight-line.ts';

/** herd7 enumerates all executions: more events than this do not end. */
const MOST_EVENTS = 24;
const MOST_THREADS = 6;

interface Program {
  readonly trace: Trace;
  readonly line: StraightLine;
  /** Steps that matter, of all threads, in the order of the schedule. */
  readonly order: readonly Step[];
  /** Locks are spinlock_t, all other words atomic_t. */
  readonly locks: ReadonlySet<number>;
}

function wordOf(program: Program, run: Run): string {
  return program.line.words.find((entry) => entry.word === run.step.word)?.name ?? '';
}

/** One statement, and what its register must hold if it has one. */
function statement(program: Program, run: Run, register: string): { code: string; value: number | null } {
  const { step, count } = run;
  const v = wordOf(program, run);
  const by = step.a * count;
  if (by !== (by | 0)) throw new Refusal(`no, because ${stepName(program.trace, step)} wraps around 2^31`);
  switch (step.op) {
    case Op.R:
    case Op.WAIT:
      return { code: `${register} = atomic_read(${v});`, value: step.before };
    case Op.W:
      return { code: `atomic_set(${v}, ${step.after});`, value: null };
    case Op.ADD:
      return { code: `atomic_add(${by}, ${v});`, value: null };
    case Op.ADDR:
      return { code: `${register} = atomic_add_return(${by}, ${v});`, value: step.after };
    case Op.ADDU:
      return { code: `${register} = atomic_add_unless(${v}, ${step.a}, 0);`, value: step.result };
    case Op.SUBT:
      return { code: `${register} = atomic_sub_return(${by}, ${v});`, value: run.after };
    case Op.CAS:
      return { code: `${register} = atomic_cmpxchg(${v}, ${step.a}, ${step.b});`, value: step.before };
    case Op.XCHG:
      return { code: `${register} = atomic_xchg(${v}, ${step.a});`, value: step.before };
    case Op.LK:
      return { code: `spin_lock(${v});`, value: null };
    case Op.UL:
      return { code: `spin_unlock(${v});`, value: null };
    case Op.TRYLK:
      return { code: `${register} = spin_trylock(${v});`, value: step.result };
    default:
      throw new Refusal(`no, because ${stepName(program.trace, step)} has no counterpart in the kernel memory model`);
  }
}

function spawnFlag(program: Program, actor: number): string | null {
  const thread = program.line.threads.find((other) => other.actor === actor);
  return thread?.spawned ? `go_${thread.name}` : null;
}

function isIrq(op: number): boolean {
  return op === Op.IRQ_OFF || op === Op.IRQ_ON || op === Op.SYNC;
}

/**
 * Interrupts, of which the memory model has none: the end of a section sets a flag, and whoever waited for it reads the
 * flag. Waiting for nobody is nothing.
 */
function irqLines(
  program: Program,
  thread: Thread,
  step: Step,
  use: (value: number) => string,
): { code: string[]; flags: string[] } {
  const flagOf = (actor: number) =>
    `irqs_on_${program.line.threads.find((other) => other.actor === actor)?.name ?? ''}`;
  const ends = program.order.filter((other) => other.op === Op.IRQ_ON);
  if (step.op === Op.IRQ_ON) {
    const count = ends.filter((other) => other.actor === thread.actor && other.n <= step.n).length;
    return { code: [`smp_store_release(${flagOf(thread.actor)}, ${count});`], flags: [flagOf(thread.actor)] };
  }
  if (step.op !== Op.SYNC) return { code: [], flags: [] };
  const waited = program.line.threads.filter(({ actor }) => actor !== thread.actor);
  const seen = waited.flatMap(({ actor }) => {
    const count = ends.filter((other) => other.actor === actor && other.n < step.n).length;
    return count === 0 ? [] : [{ flag: flagOf(actor), count }];
  });
  return {
    code: seen.map(({ flag, count }) => `${use(count)} = smp_load_acquire(${flag});`),
    flags: seen.map(({ flag }) => flag),
  };
}

/** A thread's text, and its part of the `exists` clause. */
function threadText(program: Program, thread: Thread, index: number): { text: string; exists: string[] } {
  const exists: string[] = [];
  const body: string[] = [];
  const parameters = new Set<string>();
  let registers = 0;
  const use = (value: number): string => {
    exists.push(`${index}:r${registers}=${value}`);
    return `r${registers++}`;
  };
  if (thread.spawned) {
    parameters.add(`int *go_${thread.name}`);
    body.push(`${use(1)} = smp_load_acquire(go_${thread.name});`);
  }
  for (const run of thread.runs) {
    if (isIrq(run.step.op)) {
      const { code, flags } = irqLines(program, thread, run.step, use);
      for (const flag of flags) parameters.add(`int *${flag}`);
      body.push(...code);
    } else if (run.step.word >= 0) {
      const type = program.locks.has(run.step.word) ? 'spinlock_t' : 'atomic_t';
      parameters.add(`${type} *${wordOf(program, run)}`);
      const { code, value } = statement(program, run, `r${registers}`);
      body.push(code);
      if (value !== null) use(value);
    }
    for (const actor of run.spawns) {
      const flag = spawnFlag(program, actor);
      if (flag === null) continue;
      parameters.add(`int *${flag}`);
      body.push(`smp_store_release(${flag}, 1);`);
    }
  }
  const declared = Array.from({ length: registers }, (_, i) => `\tint r${i};\n`).join('');
  const code = body.map((line) => `\t${line}\n`).join('');
  const text = `P${index}(${[...parameters].join(', ')})\n{\n${declared}${declared ? '\n' : ''}${code}}\n`;
  return { text, exists };
}

function comment(report: Report, program: Program, check: string, kernel: string): string {
  const { line, trace } = program;
  const names = line.threads.map((thread, i) => `P${i} is ${plain(trace.actors[thread.actor]?.name ?? '')}`).join(', ');
  const text = [
    `${plain(report.file.name)}, kernel ${plain(kernel)}: ${plain(check).replace(/\*\)/g, '* )')}.`,
    `${names.replace(/\*\)/g, '* )')}.`,
    ...line.threads.flatMap((thread, i) =>
      thread.runs
        .filter((run) => run.count > 1)
        .map((run) => `One statement of P${i} stands for ${run.count} steps of ${run.step.a} each.`),
    ),
    line.setUp > 0 ? `The ${line.setUp} steps before a second actor can run are in the initial values.` : '',
    'Each thread does what it did in the failing schedule; exists asks for that outcome. Reads of words that do not ' +
      'change are left out. Interrupts are not modelled: a completion is a thread, and waiting for CPUs that have ' +
      'interrupts off is reading a flag that they set at the end.',
    `Schedule ${trace.schedule}.`,
  ];
  const lines = text.filter((part) => part !== '').flatMap((part) => wrap(part, 72, ' * '));
  return `(*\n * Result: Sometimes\n *\n${lines.join('\n')}\n *)`;
}

/** @throws Refusal, beginning with `no, because`, where the failure has no such shape. */
function litmusOf(report: Report, { failure, result }: FoundFailure): string {
  const line = straightLine(failure);
  const order = line.threads.flatMap((thread) => thread.runs.map((run) => run.step)).sort((x, y) => x.n - y.n);
  const lockOps = order.filter(({ op }) => op === Op.LK || op === Op.UL || op === Op.TRYLK);
  const locks = new Set(lockOps.map((step) => step.word));
  const program: Program = { trace: failure.trace, line, order, locks };
  if (line.threads.length < 2) {
    throw new Refusal(
      'no, because only one actor runs after the set-up: the failure needs no race, so there is none to test',
    );
  }
  if (line.threads.length > MOST_THREADS || order.length > MOST_EVENTS) {
    throw new Refusal(
      `no, because ${line.threads.length} actors take ${order.length} steps, and herd7 enumerates every execution ` +
        `(${MOST_THREADS} actors and ${MOST_EVENTS} steps are the limit here)`,
    );
  }
  const words = line.words.filter(({ word }) => !order.some((step) => step.word === word && isIrq(step.op)));
  const held = words.find((entry) => locks.has(entry.word) && entry.initial !== 0);
  if (held !== undefined) throw new Refusal(`no, because the lock ${held.name} is already held when the threads start`);
  const threads = line.threads.map((thread, i) => threadText(program, thread, i));
  const atomics = words.filter((entry) => !locks.has(entry.word));
  const initial = atomics.map((entry) => `\tatomic_t ${entry.name} = ATOMIC_INIT(${entry.initial});\n`);
  const finals = atomics.map((entry) => `${entry.name}=${entry.final}`);
  const name = identifier(`${report.file.name.replace(/\.lab\.ts$/, '')}_${result.kernel}`, new Set()).replace(
    /_/g,
    '-',
  );
  return [
    `C ${name}`,
    '',
    comment(report, program, failure.check, result.kernel),
    '',
    `{\n${initial.join('')}}`,
    '',
    ...threads.map((thread) => thread.text),
    ...wrap(`exists (${[...threads.flatMap((thread) => thread.exists), ...finals].join(' /\\ ')})`, 78, '', '\t'),
    '',
  ].join('\n');
}

/**
 * The first failure that has the shape of a litmus test (of those chosen, where some were).
 * @throws Refusal, beginning with `no, because`, with the reason of the first where none has.
 */
export function litmusFormat(report: Report): string {
  return firstThatFits(report, (found) => litmusOf(report, found));
}

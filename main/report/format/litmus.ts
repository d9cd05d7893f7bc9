/**
 * `litmus`: a C litmus test for herd7 and the Linux kernel memory model, made from the shortest failing schedule. It asks
 * whether the kernel's memory model allows the outcome of that schedule: `Sometimes` confirms it, since a sequentially
 * consistent schedule is always allowed; `Never` would mean that this text or the model is wrong.
 */
import { Op, type Trace } from '../../engine/trace.ts';
import { plain, wrap } from '../columns.ts';
import { Refusal } from '../refusal.ts';
import { chosenFailures, type Report } from '../report.ts';
import { identifier, type Run, type StraightLine, stepName, straightLine, type Thread } from '../straight-line.ts';

/** herd7 enumerates all executions: more events than this do not end. */
const MOST_EVENTS = 24;
const MOST_THREADS = 6;

interface Program {
  readonly trace: Trace;
  readonly line: StraightLine;
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

/** A thread's text, and its part of the `exists` clause. */
function threadText(program: Program, thread: Thread, index: number): { text: string; exists: string[] } {
  const exists: string[] = [];
  const body: string[] = [];
  const parameters = new Set<string>();
  let registers = 0;
  const use = (value: number) => {
    exists.push(`${index}:r${registers}=${value}`);
    registers++;
  };
  if (thread.spawned) {
    parameters.add(`int *go_${thread.name}`);
    body.push(`r${registers} = smp_load_acquire(go_${thread.name});`);
    use(1);
  }
  for (const run of thread.runs) {
    if (run.step.word >= 0) {
      const type = program.locks.has(run.step.word) ? 'spinlock_t' : 'atomic_t';
      parameters.add(`${type} *${wordOf(program, run)}`);
      const { code, value } = statement(program, run, `r${registers}`);
      body.push(run.count > 1 ? `/* ${run.count} in a row */ ${code}` : code);
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
  const text = `P${index}(${[...parameters].join(', ')})\n{\n${declared}${declared ? '\n' : ''}${body.map((c) => `\t${c}\n`).join('')}}\n`;
  return { text, exists };
}

function comment(report: Report, program: Program, check: string, kernel: string): string {
  const { line, trace } = program;
  const names = line.threads.map((thread, i) => `P${i} is ${plain(trace.actors[thread.actor]?.name ?? '')}`).join(', ');
  const text = [
    `${plain(report.file.name)}, kernel ${plain(kernel)}: ${plain(check).replace(/\*\)/g, '* )')}.`,
    `${names.replace(/\*\)/g, '* )')}.`,
    line.setUp > 0 ? `The ${line.setUp} steps before a second actor can run are in the initial values.` : '',
    'Each thread does what it did in the failing schedule; exists asks for that outcome. Interrupts are not modelled: ' +
      'a completion is a thread. Reads of words that do not change are left out.',
    `Schedule ${trace.schedule}.`,
  ];
  const lines = text.filter((part) => part !== '').flatMap((part) => wrap(part, 72, ' * '));
  return `(*\n * Result: Sometimes\n *\n${lines.join('\n')}\n *)`;
}

/** @throws Refusal, beginning with `no, because`, where the failure has no such shape. */
export function litmusFormat(report: Report): string {
  const found = chosenFailures(report)[0];
  if (found === undefined) throw new Refusal('no, because nothing fails: a pass is not one schedule but all of them');
  const { failure, result } = found;
  const line = straightLine(failure, 'herd7');
  const locks = new Set(
    line.threads.flatMap((thread) =>
      thread.runs
        .filter(({ step }) => step.op === Op.LK || step.op === Op.UL || step.op === Op.TRYLK)
        .map(({ step }) => step.word),
    ),
  );
  const program: Program = { trace: failure.trace, line, locks };
  const events = line.threads.reduce((sum, thread) => sum + thread.runs.length, 0);
  if (line.threads.length < 2) {
    throw new Refusal(
      'no, because only one actor runs after the set-up: the failure needs no race, so there is none to test',
    );
  }
  if (line.threads.length > MOST_THREADS || events > MOST_EVENTS) {
    throw new Refusal(
      `no, because ${line.threads.length} actors take ${events} steps, and herd7 enumerates every execution ` +
        `(${MOST_THREADS} actors and ${MOST_EVENTS} steps are the limit here)`,
    );
  }
  const held = line.words.find((entry) => locks.has(entry.word) && entry.initial !== 0);
  if (held !== undefined) throw new Refusal(`no, because the lock ${held.name} is already held when the threads start`);
  const threads = line.threads.map((thread, i) => threadText(program, thread, i));
  const initial = line.words
    .filter((entry) => !locks.has(entry.word))
    .map((entry) => `\tatomic_t ${entry.name} = ATOMIC_INIT(${entry.initial});\n`);
  const finals = line.words.filter((entry) => !locks.has(entry.word)).map((entry) => `${entry.name}=${entry.final}`);
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
    `exists (${[...threads.flatMap((thread) => thread.exists), ...finals].join(' /\\ ')})`,
    '',
  ].join('\n');
}

/** Runs of the model as text: every step in its order, or what is left when somebody comes between. */
import { NotApplicable, ScriptMisuse } from '../../../main/engine/errors.ts';
import { Machine } from '../../../main/engine/explore/machine.ts';
import type { ExperimentOptions, Kernel, Lab, Steps } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { buildWorld } from '../../../main/engine/lab.ts';
import { OP_NAMES, STEP_STRIDE, StepColumn } from '../../../main/engine/trace.ts';
import type { World } from '../../../main/engine/world.ts';
import { kernel as revision } from '../harness.ts';
import type { Buffer } from './memory-kinds.ts';

/** What an actor does; it may say what it was told. */
export type Act = (kernel: Kernel, memory: Buffer, lab: Lab, say: (...what: unknown[]) => void) => Steps<void>;

/** Memory, and who does what with it. */
export interface Situation {
  readonly memory: (lab: Lab) => Buffer;
  readonly acts: readonly Act[];
  readonly arch?: ExperimentOptions['arch'];
}

const IDS = KERNELS.map(({ id }) => id).toReversed();
/** Steps after which something goes round in circles. */
const MOST = 20_000;

interface Started {
  readonly world: World;
  readonly machine: Machine;
  readonly said: string[];
}

/** What actors say. (Made here, because what an actor captures is frozen.) */
function notebook(): { readonly said: string[]; readonly say: (...what: unknown[]) => void } {
  const said: string[] = [];
  return { said, say: (...what) => void said.push(what.join(' ')) };
}

/** Tasks stand in the order of the acts; what they start comes behind. */
function start(id: string, { memory, acts, arch }: Situation): Started {
  const { said, say } = notebook();
  const body = (lab: Lab): void => {
    const buffer = memory(lab);
    for (const [n, act] of acts.entries()) {
      lab.task(`actor ${n}`, function* () {
        yield* act(lab.kernel, buffer, lab, say);
      });
    }
  };
  const world = buildWorld({ name: 'steps', options: { arch: arch ?? {} }, body, line: 1 }, revision(id), () => null);
  return { world, machine: new Machine(world, 'steps.ts', false), said };
}

/** Goes on with whoever is first in line and can. */
function finish(machine: Machine, order: (actor: number) => number): string | null {
  while (!machine.allDone) {
    const able = machine.actors.map((_, number) => number).filter((number) => machine.enabled(number));
    const next = able.sort((a, b) => order(a) - order(b))[0];
    if (next === undefined) return 'nobody can go on';
    if (machine.stepCount > MOST) return 'this does not end';
    machine.step(next);
  }
  return null;
}

function eventsOf(machine: Machine): string[] {
  return Array.from({ length: machine.eventCount }, (_, i) => machine.eventAt(i)?.text ?? '');
}

/** What the model refuses, or a kernel lacks. All other errors are thrown. */
function orNotApplicable(run: () => string[]): string[] {
  try {
    return run();
  } catch (error) {
    if (error instanceof NotApplicable) return ['not applicable'];
    if (error instanceof RangeError || error instanceof ScriptMisuse) return [`refused: ${error.message}`];
    throw error;
  }
}

/** Every step of one run, one actor after the other: the operation, the word, its arguments, what was handed back. */
export function stepsOf(id: string, situation: Situation): string[] {
  return orNotApplicable(() => {
    const { machine, said } = start(id, situation);
    const end = finish(machine, (actor) => actor);
    const { steps, words, events } = machine.trace();
    const lines: string[] = [];
    for (let n = 0; n * STEP_STRIDE < steps.length; n++) {
      const column = (which: number): number => steps[n * STEP_STRIDE + which] ?? 0;
      const name = words[column(StepColumn.word)]?.name ?? '';
      const args = [column(StepColumn.a), column(StepColumn.b)].map((value) => value || '').join(' ');
      const op = `${OP_NAMES[column(StepColumn.op)] ?? ''} ${name} ${args}`.trimEnd();
      lines.push(`${op}${column(StepColumn.result) === 0 ? '' : ` = ${column(StepColumn.result)}`}`);
      for (const event of events) if (event.step === n && event.kind !== 'call') lines.push(`  ${event.text}`);
    }
    return [
      ...lines,
      ...said.map((what) => `told: ${what}`.trimEnd()),
      ...leftBy(machine, true),
      ...(end === null ? [] : [end]),
    ];
  });
}

/** What is left when the acts are done one after the other, and after how many steps: one line. */
export function endOf(id: string, situation: Situation): string[] {
  return orNotApplicable(() => {
    const { machine, said } = start(id, situation);
    const end = finish(machine, (actor) => actor);
    const books = leftBy(machine, true);
    const left = [
      ...leftBy(machine, false).sort(),
      ...books,
      ...eventsOf(machine),
      ...said,
      ...(end === null ? [] : [end]),
    ];
    return [`${machine.stepCount} steps: ${left.join('; ')}`.trimEnd()];
  });
}

/** What is left when the second actor comes after each number of steps of the first: equal ends are one line. */
export function interruptionsOf(id: string, situation: Situation): string[] {
  return orNotApplicable(() => {
    const lines: { readonly from: number; to: number; readonly text: string }[] = [];
    for (let k = 0; ; k++) {
      const { machine, said } = start(id, situation);
      while (machine.stepCount < k && machine.enabled(0)) machine.step(0);
      const reached = machine.stepCount === k;
      const end = finish(machine, (actor) => (actor === 0 ? machine.actors.length : actor));
      const text = [
        ...leftBy(machine, false).sort(),
        ...eventsOf(machine),
        ...said,
        ...(end === null ? [] : [end]),
      ].join('; ');
      const last = lines.at(-1);
      if (!reached) break;
      if (last?.text === text) last.to = k;
      else lines.push({ from: k, to: k, text });
    }
    return lines.map(({ from, to, text }) => `${from === to ? from : `${from}-${to}`}: ${text}`.trimEnd());
  });
}

/** Words that are not what they were at the start: those that kernels have, or those of the model's own books. */
function leftBy(machine: Machine, books: boolean): string[] {
  const { words, objects, initial } = machine.trace();
  return words.flatMap(({ name, object }, i) => {
    const value = machine.read(i);
    if ((objects[object]?.kind === 'ghost') !== books || value === initial[i]) return [];
    return [books ? `left: ${name} ${value}` : `${name} ${value}`];
  });
}

/** The same for kernels, newest first: the first in full, each other one by what differs from the one before. */
export function told(of: (id: string) => string[], kernels: readonly string[] = IDS): string {
  const groups: { readonly ids: string[]; readonly lines: readonly string[] }[] = [];
  for (const id of kernels) {
    const lines = of(id);
    const same = groups.find((group) => group.lines.join('\n') === lines.join('\n'));
    if (same === undefined) groups.push({ ids: [id], lines });
    else same.ids.push(id);
  }
  return groups
    .map(({ ids, lines }, n) => {
      const before = groups[n - 1]?.lines;
      const whole = before === undefined || lines.length < 2;
      return [`${ids.join(' ')}:`, ...(whole ? lines : difference(before, lines))].join('\n  ');
    })
    .join('\n');
}

/** Lines that go (-) and that come (+), and how many stay between them. */
function difference(before: readonly string[], after: readonly string[]): string[] {
  const common = longest(before, after);
  const lines: string[] = [];
  let [i, j, kept] = [0, 0, 0];
  const keep = (): void => {
    if (kept > 0) lines.push(`(${kept})`);
    kept = 0;
  };
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) [i, j, kept] = [i + 1, j + 1, kept + 1];
    else if (j >= after.length || (i < before.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      keep();
      lines.push(`- ${before[i++]}`);
    } else {
      keep();
      lines.push(`+ ${after[j++]}`);
    }
  }
  keep();
  return lines;
}

/** Length of the longest common part of the rests from i and j on. */
function longest(a: readonly string[], b: readonly string[]): number[][] {
  const table: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    const [row, below] = [table[i], table[i + 1]];
    if (row === undefined || below === undefined) continue;
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

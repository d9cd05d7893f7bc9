/** Mutants of the kernels' tables: one switch of one kernel, changed to another of its values. */
import { switchValues } from '../../main/engine/arguments.ts';
import { KERNELS, type KernelRevision, RECORDED_KERNELS } from '../../main/engine/kernels/index.ts';
import type { Mutant } from './mutant.ts';
import { heard } from './switchboard.ts';

export interface Flip {
  readonly mutant: Mutant;
  /** Makes the change, and gives what takes it back. */
  readonly make: () => () => void;
}

/** Numbered from `first` on. */
export function switchFlips(first: number): readonly Flip[] {
  const tables = new Map<object, KernelRevision>();
  for (const kernel of [...KERNELS, ...RECORDED_KERNELS]) {
    if (!tables.has(kernel.switches)) tables.set(kernel.switches, kernel);
  }
  const flips = [...tables.values()].flatMap((kernel) =>
    Object.entries(kernel.switches).map(([name, value]) => ({ kernel, name, value, to: otherThan(name, value) })),
  );
  return flips.map(({ kernel, name, value, to }, i) => {
    const text = `${name}: ${String(value)} -> ${String(to)}`;
    const key = `${kernel.id}: ${text}`;
    return {
      mutant: { id: first + i, file: kernel.id, line: 0, mistake: 'other value', text, key },
      make: () => {
        set(kernel.switches, name, to);
        return () => set(kernel.switches, name, value);
      },
    };
  });
}

/** Has every look at a switch noted while `run` runs. */
export async function overhear(flips: readonly Flip[], run: () => Promise<void>): Promise<void> {
  const ids = new Map(flips.map(({ mutant }) => [mutant.key.split(': ', 2).join(' '), mutant.id]));
  const kernels = [...KERNELS, ...RECORDED_KERNELS].map((kernel) => ({ kernel, switches: kernel.switches }));
  const named = new Map(kernels.toReversed().map(({ kernel, switches }) => [switches, kernel.id]));
  for (const { kernel, switches } of kernels) {
    const id = named.get(switches) ?? kernel.id;
    set(
      kernel,
      'switches',
      new Proxy(switches, {
        get(table, name, receiver) {
          heard(ids.get(`${id} ${String(name)}`) ?? 0);
          return Reflect.get(table, name, receiver);
        },
      }),
    );
  }
  try {
    await run();
  } finally {
    for (const { kernel, switches } of kernels) set(kernel, 'switches', switches);
  }
}

function set(table: object, name: string, value: unknown): void {
  if (!Reflect.set(table, name, value)) throw new TypeError(`${name} cannot be set`);
}

/** The value after it, or the first; of a number the one below. */
function otherThan(name: string, value: unknown): unknown {
  if (typeof value === 'number') return value - 1;
  const values = switchValues(name, value);
  return values[(values.indexOf(value) + 1) % values.length];
}

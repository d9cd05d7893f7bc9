/** Random traces: consistent ones, as an engine makes them, with the names that authors could think of. */
import fc from 'fast-check';
import type { Trace } from '../../main/engine/trace.ts';
import { TraceBuilder } from './fixtures.ts';

/** One seed a run, printed at start; GUPBOOK_SEED=N repeats it. */
export const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`GUPBOOK_SEED=${seed}`);

/** Fails with the seed, the path and the smallest counterexample found. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns: number): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      check(value);
    }),
    { seed, numRuns },
  );
}

/** Names: kernel-like, long, UTF-8, and those that a mail tool could take for something else. */
export const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'submit',
    'bio A',
    'munmap',
    'buf._refcount',
    'put_user_page',
    'a_very_long_driver_probe_function_name',
  ),
  fc.constantFrom(
    'Fixes: 0123456789ab',
    'Reported-by: R <r@developer.example.org>',
    'From here',
    '---',
    '--- a/mm/gup.c',
    'diff --git a/x b/x',
    '# Subtest',
    '0123456789abcdef0123456789abcdef01234567',
    'commit 0123456789',
    '-- ',
    '>From',
    'x'.repeat(90),
    'tab\there',
    'line\nend',
    '\u202ebidi',
    '~ "quoted" {brace}',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('\u00e9', '\u4e2d', '\u{1f9ea}', 'a', '_', ' ', 'e\u0301'), maxLength: 40 }),
);

const VALUES = fc.oneof(
  fc.constantFrom(0, 1, -1, 512, 1024, -523263),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);

interface Choice {
  readonly actor: number;
  readonly op: string;
  readonly word: number;
  readonly a: number;
  readonly chain: number;
  readonly event: number;
  readonly spawn: boolean;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  actor: fc.nat(5),
  op: fc.constantFrom('R', 'W', 'ADD', 'ADDU', 'SUBT', 'CAS', 'XCHG', 'ADDR', 'NOP', 'SYNC', 'CHOOSE', 'LK', 'UL'),
  word: fc.nat(4),
  a: VALUES,
  chain: fc.nat(6),
  event: fc.nat(20),
  spawn: fc.boolean(),
});

const WORDLESS = ['NOP', 'SYNC', 'CHOOSE'];

/** `n`-th of a list that has one for sure. */
function pick<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

/** 2 to 6 actors, 1 to 400 steps. */
export const anyTrace: fc.Arbitrary<Trace> = fc
  .record({
    actors: fc.uniqueArray(anyName, { minLength: 2, maxLength: 6 }),
    objects: fc.uniqueArray(anyName, { minLength: 2, maxLength: 3 }),
    functions: fc.array(anyName, { minLength: 3, maxLength: 8 }),
    initial: fc.array(VALUES, { minLength: 5, maxLength: 5 }),
    choices: fc.array(choice, { minLength: 1, maxLength: 400 }),
    kinds: fc.array(fc.constantFrom('task', 'irq', 'kthread'), { minLength: 6, maxLength: 6 }),
    text: anyName,
  })
  .map(({ actors, objects, functions, initial, choices, kinds, text }) => {
    const trace = new TraceBuilder();
    actors.forEach((name, i) => {
      trace.actor(name, pick(kinds, i));
    });
    const [page = 'p', other = 'q'] = objects;
    trace.object(page, 'folio', '', 9).object(other, 'page', page).object('ghosts\u0000', 'ghost');
    const fields: readonly (readonly [string, string, 'int' | 'entry' | 'bool'])[] = [
      [page, '_refcount', 'int'],
      [page, 'pincount', 'int'],
      [other, '_refcount', 'int'],
      [other, 'pte', 'entry'],
      ['ghosts\u0000', 'held', 'int'],
    ];
    fields.forEach(([object, field, format], i) => {
      trace.word(object, field, initial[i] ?? 0, format);
    });
    for (const { actor, op, word, a, chain, event, spawn } of choices) {
      const [object, field] = pick(fields, word);
      const calls = functions.slice(0, chain % functions.length);
      const target = WORDLESS.includes(op) ? '' : `${object}.${field}`;
      trace.stepIn(pick(actors, actor), op, target, a, calls);
      if (spawn && event === 3) trace.spawn(pick(actors, actor + 1));
      if (event === 1) trace.event('WARN', text);
      if (event === 2) trace.event('note', text);
      if (event === 4) trace.effect('add', 4, a);
    }
    return trace.build();
  });

/** Any two things a process, a device or the kernel do at once: on 6.10 and 7.2 no check breaks, in any order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../harness.ts';
import { CAN, DEEDS } from './deeds.ts';
import { KINDS } from './memory-kinds.ts';
import { holds } from './property.ts';
import { explained } from './row.ts';

const pair = fc.constantFrom(...Object.entries(CAN)).chain(([kind, names]) =>
  fc.record({
    kind: fc.constant(kind),
    kernel: fc.constantFrom('6.10', '7.2'),
    first: fc.constantFrom(...(names ?? [])),
    second: fc.constantFrom(...(names ?? [])),
    ipiFlush: fc.boolean(),
  }),
);

test('no check breaks', () => {
  holds(
    pair,
    ({ kind, kernel, first, second, ipiFlush }) => {
      const build = Object.entries(KINDS).find(([name]) => name === kind)?.[1];
      if (build === undefined) throw new Error(`no kind ${kind}`);
      const result = run(
        kernel,
        (lab) => {
          const memory = build(lab);
          for (const [who, name] of [first, second].entries()) {
            lab.task(`${who}: ${name}`, function* () {
              yield* DEEDS[name](lab.kernel, memory, lab);
            });
          }
        },
        { states: 30_000, options: { arch: { ipiFlush } } },
      );
      expect(explained(result)).toMatch(/^(pass|inconclusive)$/);
    },
    100,
  );
});

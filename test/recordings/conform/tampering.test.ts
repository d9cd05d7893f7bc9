/** A recording that a kernel cannot have made is found out, wherever it was tampered with. */
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Recording } from '../../../main/recordings/read/recording.ts';
import { SAMPLES } from '../at-hand.ts';
import '../seed.ts';
import { agrees, allIn, judged } from './at-kernel.ts';
import { tamperingsOf } from './tampering.ts';

// The limit is there to end a hang, not to measure.
vi.setConfig({ testTimeout: 600_000 });

describe('a recording that was tampered with', async () => {
  const all = await allIn(SAMPLES);
  const delta = fc.integer({ min: -2000, max: 2000 }).filter((n) => n !== 0);
  it.each(['case', 'sequence', 'capture'] as const)('is told from the real one: %s', (kind) => {
    const some = all
      .filter((recording) => recording.kind === kind)
      .map((recording) => ({ recording, places: tamperingsOf(recording) }));
    const place = fc
      .constantFrom(...some)
      .chain(({ recording, places }) =>
        fc.record({ recording: fc.constant(recording), place: fc.constantFrom(...places), delta }),
      );
    fc.assert(
      fc.property(place, ({ recording, place: { what, make }, delta: by }) => {
        expect(agrees(judged(make(by))), `${recording.name}: ${what}, changed by ${by}`).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('is compared as far as its trace goes, where that ends early', () => {
    const captures = all.flatMap((recording) =>
      recording.kind === 'capture' && recording.trace !== null ? [recording] : [],
    );
    const cut = fc
      .constantFrom(...captures)
      .chain((capture) => fc.tuple(fc.constant(capture), fc.nat({ max: capture.trace?.length ?? 0 })));
    fc.assert(
      fc.property(cut, ([capture, length]) => {
        const shorter: Recording = { ...capture, trace: capture.trace?.slice(0, length) ?? null };
        const verdict = judged(shorter);
        expect('mismatches' in verdict ? verdict.mismatches : [], `${capture.name} up to ${length}`).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

/** The promise of conformance, for one kernel over the whole set of recordings where it lies beside the clone. */
import { existsSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { conform } from '../../../main/recordings/conform/index.ts';
import { BESIDE } from '../at-hand.ts';
import { madeOn } from './at-kernel.ts';

// The limit is there to end a hang, not to measure.
vi.setConfig({ testTimeout: 1_200_000 });

/** The least part of the recordings that must be expressible. */
const LEAST = 0.95;

export function wholeSetOf(id: string): void {
  it.skipIf(!existsSync(BESIDE))(
    `every recording of ${id} that can be expressed agrees, and nearly all can`,
    async () => {
      const { kernels } = await conform(madeOn(id, BESIDE));
      const totals = kernels[id];
      if (totals === undefined) throw new Error(`there is no recording of ${id}`);
      const { all, expressible, matched, mismatches, notExpressible } = totals;
      expect(mismatches).toEqual([]);
      expect(matched).toBe(expressible);
      expect(notExpressible.length).toBe(all - expressible);
      expect(all).toBeGreaterThan(0);
      expect(expressible / all, JSON.stringify(notExpressible)).toBeGreaterThanOrEqual(LEAST);
    },
  );
}

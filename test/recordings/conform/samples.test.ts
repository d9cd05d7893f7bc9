/** The recordings that come with this repository: each agrees, and only with kernels that do what its own did. */
import { describe, expect, it, vi } from 'vitest';
import { conform } from '../../../main/recordings/conform/index.ts';
import { recordingsIn } from '../../../main/recordings/read/folder.ts';
import { SAMPLES } from '../at-hand.ts';
import { agrees, allIn, judged, kernelIdOf } from './at-kernel.ts';

// The limit is there to end a hang, not to measure.
vi.setConfig({ testTimeout: 600_000 });

const KERNELS = ['5.10.262', '6.1.192', '6.12.117', '6.18', '7.2.13'];

describe('the samples', () => {
  it('agree, every one', async () => {
    const heard: string[] = [];
    const { kernels } = await conform(recordingsIn(SAMPLES), (name, verdict) => {
      if (!agrees(verdict)) heard.push(`${name}: ${JSON.stringify(verdict)}`);
    });
    expect(heard).toEqual([]);
    expect(Object.keys(kernels).sort()).toEqual([...KERNELS].sort());
    for (const totals of Object.values(kernels)) {
      expect(totals).toMatchObject({
        expressible: totals.all,
        matched: totals.all,
        notExpressible: [],
        mismatches: [],
      });
      expect(totals.all).toBeGreaterThanOrEqual(35);
    }
  });

  it('have names of their own', async () => {
    const names = (await allIn(SAMPLES)).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a sample under a kernel that is not its own', async () => {
  const all = await allIn(SAMPLES);
  // 6.18 has no capture here, and its system calls count as those of 6.12 and 7.2 do.
  const apart = KERNELS.filter((id) => id !== '6.18');
  it.each(apart.flatMap((own) => apart.filter((id) => id !== own).map((id) => [own, id] as const)))(
    'of %s disagrees with %s somewhere',
    (own, id) => {
      const recordings = all.filter((recording) => kernelIdOf(recording) === own);
      expect(recordings.filter((recording) => !agrees(judged(recording, id)))).not.toEqual([]);
    },
  );

  it('was made on a file: registering it as a buffer is refused with another error before 6.12', () => {
    const cases = all.filter((recording) => recording.kind === 'case');
    const registered = cases.filter(({ line }) => line.case === 'uring_register' && line.mem === 'file_shared');
    for (const recording of registered) {
      const early = kernelIdOf(recording) === '5.10.262' || kernelIdOf(recording) === '6.1.192';
      expect(agrees(judged(recording, early ? '6.12.117' : '6.1.192'))).toBe(false);
    }
  });
});

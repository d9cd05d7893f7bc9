/** Conformance as tests: each recording of this repository under the kernel it was made on. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agrees, allIn, judged, kernelIdOf } from '../recordings/conform/at-kernel.ts';

const SAMPLES = join(process.cwd(), 'test/recordings/samples');

for (const recording of await allIn(SAMPLES)) {
  test(`recorded on ${kernelIdOf(recording)}: ${recording.name}`, () => {
    expect(agrees(judged(recording))).toBe(true);
  });
}

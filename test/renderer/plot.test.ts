import { describe, expect, it } from 'vitest';
import { PageStates, START } from '../../renderer/state/page-state.ts';
import { plotOf, plotSentence, valuesOf } from '../../renderer/state/plot.ts';
import { REFCOUNT, randomTrace, unpinTwice } from './traces.ts';

describe('a counter over the steps', () => {
  it('is what the replay says at every step', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const trace = randomTrace(500, random);
    const states = new PageStates(trace);
    trace.words.forEach((_, word) => {
      const values = valuesOf(trace, word);
      for (let step = START; step < 500; step++) expect(values[step + 1]).toBe(states.at(step).words[word]);
    });
  });

  it('has a line at each multiple of the bias that it crosses', () => {
    const plot = plotOf(Int32Array.of(1022, 1023, 1024, 1023), 1024, 600);
    expect(plot.lines.map(({ value, label }) => [value, label])).toEqual([[1024, '1024 = 1 pin']]);
    const [line] = plot.lines;
    expect(plot.y(1023)).toBeGreaterThan(line?.y ?? 1);
    expect(plot.y(1024)).toBe(line?.y);
  });

  it('has few lines, whatever the range, and none for pins where there are none', () => {
    const wide = plotOf(Int32Array.of(1, 524_289, -523_263), 1024, 600);
    expect(wide.lines.length).toBeLessThanOrEqual(8);
    for (const { value } of wide.lines) expect(value % 1024 === 0).toBe(true);
    const exact = plotOf(Int32Array.of(1, 513, 1), 1, 600);
    expect(exact.lines.map(({ label }) => label)).toEqual(['0']);
  });

  it('is drawn by its extremes where there are more steps than places', () => {
    const values = new Int32Array(100_001);
    values[50_000] = 7;
    const plot = plotOf(values, 1024, 600);
    expect(plot.points.length).toBeLessThan(600 * 5);
    expect(Math.min(...plot.points.map(([, y]) => y))).toBe(plot.y(7));
  });

  it('is said in words', () => {
    const values = valuesOf(unpinTwice(), REFCOUNT);
    expect(plotSentence('buf._refcount', values, plotOf(values, 1024, 600))).toMatch(
      /^buf\._refcount over \d+ steps: 1 at first, -?\d+ at last, from -?\d+ to 1025$/,
    );
  });
});

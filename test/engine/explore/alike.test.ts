/** Kernels between which an experiment sees no difference are searched once. */
import { describe, expect, test } from 'vitest';
import { AlikeKernels } from '../../../main/engine/explore/alike.ts';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { ExperimentOptions, Lab } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import type { ExperimentResult } from '../../../main/engine/result.ts';
import { explainError } from '../../../main/engine/script.ts';
import { R } from '../../../main/engine/step.ts';
import { run } from '../harness.ts';

/** Results under all kernels, and under how many of them a search was made. */
function runAll(body: (lab: Lab) => void, options: ExperimentOptions = {}) {
  let built = 0;
  const counted = (lab: Lab): void => {
    built++;
    body(lab);
  };
  const alike = new AlikeKernels({ name: 'test', options, body: counted, line: 1 });
  let searches = 0;
  const results = KERNELS.map((revision) => {
    const before = built;
    const result = alike.run(revision, {
      budget: { states: 1_000_000, seconds: 60, bytes: 2 ** 31 },
      host: { now: () => performance.now(), progress() {} },
      scriptName: 'harness.ts',
      nameFinder: () => null,
      explain: (error) => explainError(error, 'harness.ts'),
    });
    if (built > before) searches++;
    return result;
  });
  return { results, searches };
}

/** The built-in checks ask whether there are pins, which 5.6 alone has not. */
const WITH_AND_WITHOUT_PINS = 2;

/** All there is to a result but how long it took. */
function told({ seconds: _, ...result }: ExperimentResult): string {
  return JSON.stringify(result);
}

function pinDuringUnmap(lab: Lab): void {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp();
  lab.task('pin', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
    for (const page of pages) yield* kernel.unpin_user_page(page);
  });
  lab.task('munmap', function* () {
    yield* kernel.munmap(buf);
  });
}

function readsOnce(lab: Lab, name: string): void {
  const word = lab.word(name);
  lab.task('A', function* () {
    yield R(word);
  });
}

describe('kernels that an experiment cannot tell apart', () => {
  test('have the results that a search under each of them gives', () => {
    const options: ExperimentOptions = { expect: { '7.2': 'pass', '5.7': 'fail' } };
    const { results, searches } = runAll(pinDuringUnmap, options);
    expect(searches).toBeLessThan(KERNELS.length);
    for (const result of results) expect(told(result)).toBe(told(run(result.kernel, pinDuringUnmap, { options })));
    expect(new Set(results.map(({ verdict }) => verdict)).size).toBeGreaterThan(1);
  }, 60_000);

  test('are told apart by switches that are changed in the body alone', () => {
    const shifts = { biasShift: 8 } as const;
    const body = (lab: Lab): void => readsOnce(lab, `word ${lab.kernel.with(shifts).switches.biasShift}`);
    expect(runAll(body).searches).toBe(WITH_AND_WITHOUT_PINS);
  });

  test('are all of them where it asks nothing of a kernel', () => {
    const { results, searches } = runAll((lab) => readsOnce(lab, 'word'));
    expect(searches).toBe(WITH_AND_WITHOUT_PINS);
    expect(results.map(({ kernel }) => kernel)).toEqual(KERNELS.map(({ id }) => id));
  });

  test('are none where it asks for the name', () => {
    expect(runAll((lab) => readsOnce(lab, `word of ${lab.kernel.id}`)).searches).toBe(KERNELS.length);
  });
});

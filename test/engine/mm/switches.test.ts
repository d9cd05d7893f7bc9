/** Every switch changes something: the same program on the same kernel, with only that switch changed. */
import { describe, expect, test } from 'vitest';
import { NotApplicable } from '../../../main/engine/errors.ts';
import type { KernelSwitches, Lab } from '../../../main/engine/interface.ts';
import { OP_NAMES, STEP_STRIDE, StepColumn } from '../../../main/engine/trace.ts';
import { kernel as revision, run } from '../harness.ts';
import { linear } from './linear.ts';
import { explained } from './row.ts';
import { CASES, type Case, racingUnmap } from './switch-cases.ts';

/** The changes of one switch, checked by the engine itself. */
function changes(name: string, to: unknown): Partial<KernelSwitches> {
  return Object.fromEntries([[name, to]]);
}

/** What one run does: counts as they change, what the kernel says, what the program says, what is left at the end. */
function oneRun(id: string, change: Partial<KernelSwitches>, { program, arch }: Case): string[] {
  const said: string[] = [];
  try {
    const done = linear(
      id,
      (lab) => program(lab, lab.kernel.with(change), (...what) => said.push(what.join(' '))),
      arch ?? {},
    );
    const trace = done.machine.trace();
    const steps: string[] = [];
    for (let i = 0; i < trace.steps.length; i += STEP_STRIDE) {
      const word = trace.words[trace.steps[i + StepColumn.word] ?? -1];
      if (word?.field !== '_refcount' && word?.field !== 'pincount') continue;
      const [op, a, result] = [StepColumn.op, StepColumn.a, StepColumn.result].map((column) => trace.steps[i + column]);
      if (op !== 0) steps.push(`${OP_NAMES[op ?? 0]} ${word.name} ${a} ${result}`);
    }
    return [...steps, ...done.events, ...said];
  } catch (error) {
    if (error instanceof NotApplicable) return ['not applicable'];
    throw error;
  }
}

/** The verdict over all orders, with the checks that broke. */
function allOrders(id: string, change: Partial<KernelSwitches>, { program, arch }: Case): string[] {
  const body = (lab: Lab): void => program(lab, lab.kernel.with(change), () => {});
  const result = run(id, body, { options: arch === undefined ? {} : { arch } });
  return [result.verdict, ...result.failures.map(({ check }) => check)];
}

describe('changing only this switch changes what is seen', () => {
  test.each(Object.entries(CASES))('%s', { timeout: 60_000 }, (name, one) => {
    const was = Object.entries(revision(one.on).switches).find(([key]) => key === name)?.[1];
    expect(one.to).not.toBe(was);
    const look = one.search === true ? allOrders : oneRun;
    const before = look(one.on, {}, one);
    const after = look(one.on, changes(name, one.to), one);
    expect(before).not.toContain('error');
    expect(after).not.toContain('error');
    expect(after).not.toEqual(before);
  });
});

test('a failing search says why', () => {
  expect(
    explained(run('5.11', (lab) => racingUnmap('page')(lab, lab.kernel.with({ pteUndoMatches: false }), () => {}))),
  ).toMatch(/^fail I2/);
});

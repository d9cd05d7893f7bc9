/** Remarks between the steps of a capture: the driver's answers, and what became of the pages' frames. */
import type { World } from '../../engine/world.ts';
import { type DriverAnswer, tellsPage } from '../format/driver-state.ts';
import type { RecordedRemark } from '../format/steps.ts';
import { driverPage } from './driver-page.ts';
import type { Mismatch } from './expectation.ts';
import type { Detail, Pause } from './rig.ts';

/** Disagreements about one remark. Remarks that carry nothing to compare yield none. */
export function compareRemark(step: string, remark: RecordedRemark, pause: Pause, world: World): Mismatch[] {
  if ('state' in remark) return compareAnswer(step, remark.state, pause, world);
  const texts = remarkTexts(remark, pause.detail);
  if (texts === null || texts.expected === texts.got) return [];
  return [{ step, ...texts }];
}

interface Texts {
  readonly expected: string;
  readonly got: string;
}

function remarkTexts(remark: RecordedRemark, detail: Detail): Texts | null {
  if ('parent_before' in remark && detail.forked !== undefined) {
    return {
      expected: forkText({
        parentBefore: remark.parent_before,
        childAtFork: remark.child_at_fork,
        childAfter: remark.child_after_its_write,
        parentAfter: remark.parent_after_its_write,
      }),
      got: forkText(detail.forked),
    };
  }
  if ('swapped' in remark && detail.mapped !== undefined) {
    return {
      expected: `present ${remark.present}, swapped ${remark.swapped}`,
      got: `present ${detail.mapped === 'present' ? 1 : 0}, swapped ${detail.mapped === 'swapped' ? 1 : 0}`,
    };
  }
  if ('kb' in remark && detail.hugeKb !== undefined) {
    return { expected: `${remark.kb} KiB of huge pages`, got: `${detail.hugeKb} KiB of huge pages` };
  }
  if ('after' in remark && detail.moved !== undefined) {
    return { expected: movedText(remark.before !== remark.after), got: movedText(detail.moved) };
  }
  return null;
}

function movedText(moved: boolean): string {
  return moved ? 'the page is another' : 'the page is the same';
}

/** Frames of one page at four moments of a fork. */
export interface ForkFrames<T> {
  readonly parentBefore: T;
  readonly childAtFork: T;
  readonly childAfter?: T;
  readonly parentAfter?: T;
}

/**
 * Which of the frames are the same. Only those are compared of which the earlier one was still in use when the later one
 * was looked at: numbers of freed frames come again as the allocator likes.
 */
export function forkText<T>({ parentBefore, childAtFork, childAfter, parentAfter }: ForkFrames<T>): string {
  const texts = [`at fork the child has ${childAtFork === parentBefore ? "the parent's page" : 'a copy'}`];
  if (childAfter !== undefined) texts.push(`writes to ${childAfter === childAtFork ? 'the same' : 'another'}`);
  if (parentAfter !== undefined) texts.push(`the parent to ${parentAfter === parentBefore ? 'the same' : 'another'}`);
  return texts.join(', ');
}

/** An answer of the driver: what the function returned, and the first page of the slot. */
export function compareAnswer(step: string, answer: DriverAnswer, pause: Pause, world: World): Mismatch[] {
  const { slot } = pause.detail;
  if (slot === undefined) return [];
  const mismatches: Mismatch[] = [];
  if (slot.rc !== answer.rc) mismatches.push({ step, expected: `rc ${answer.rc}`, got: `rc ${slot.rc}` });
  if (!tellsPage(answer) || slot.page === null) {
    const told = (page: boolean): string => (page ? 'driver: a page' : 'driver: no page');
    if (tellsPage(answer) !== (slot.page !== null))
      mismatches.push({ step, expected: told(tellsPage(answer)), got: told(slot.page !== null) });
    return mismatches;
  }
  const { expected, got } = driverPage(answer, slot.page, world, pause.read);
  if (expected !== got) mismatches.push({ step, expected: `driver: ${expected}`, got });
  return mismatches;
}

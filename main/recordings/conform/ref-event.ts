/** Steps of the engine on a `_refcount`, as the page_ref tracepoint of that operation would name them. */

import type { PageModel } from '../../engine/page.ts';
import { Op } from '../../engine/trace.ts';
import type { RefOp } from '../format/page-ref.ts';

export interface RefEvent {
  readonly page: PageModel;
  readonly op: RefOp;
  readonly val: number;
  /** As the tracepoint prints it; null for operations that print none. */
  readonly ret: number | null;
  /** The count after it. */
  readonly count: number;
  /** Done by another CPU, not by the program. */
  readonly other: boolean;
}

/** The operation of a step with its operands, on a word that held `before` and now holds `after`. */
export interface StepTaken {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Name, value and result of the event, null for steps that emit none (reads). The kernel's unfreeze asserts that the
 * count is 0, which in the engine is a compare-and-exchange from 0.
 */
export function refEventOf({ op, a, b, before, after }: StepTaken): Pick<RefEvent, 'op' | 'val' | 'ret'> | null {
  switch (op) {
    case Op.W:
      return { op: 'set', val: a, ret: null };
    case Op.ADD:
      return { op: 'mod', val: a, ret: null };
    case Op.ADDR:
      return { op: 'mod_and_return', val: a, ret: after };
    case Op.SUBT:
      return { op: 'mod_and_test', val: -a, ret: after === 0 ? 1 : 0 };
    case Op.ADDU:
      return { op: 'mod_unless', val: a, ret: before === 0 ? 0 : 1 };
    case Op.CAS:
      if (a === 0) return { op: 'unfreeze', val: b, ret: null };
      return { op: 'freeze', val: a, ret: before === a ? 1 : 0 };
    default:
      return null;
  }
}

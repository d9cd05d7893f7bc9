/**
 * What one event does to `_refcount`, from its operation, `val` and `ret` alone. The printed count is read again after the
 * operation, so where other CPUs work on the page it is a hint and no more.
 */
import { Ref } from './event-batch.ts';

/** No 32-bit number: the event does not say. */
export const UNKNOWN = 2 ** 40;

/** What is added to the count. Set and unfreeze store: their effect is {@link knownAfter} alone, and this is 0. */
export function added(op: number, val: number, ret: number): number {
  switch (op) {
    case Ref.mod:
    case Ref.mod_and_test:
    case Ref.mod_and_return:
      return val;
    case Ref.mod_unless:
      return ret === 0 ? 0 : val;
    case Ref.freeze:
      return ret === 0 ? 0 : -val;
    default:
      return 0;
  }
}

/** The count after the event where the event itself proves it, else UNKNOWN. */
export function knownAfter(op: number, val: number, ret: number): number {
  switch (op) {
    case Ref.set:
    case Ref.unfreeze:
      return val;
    case Ref.mod_and_test:
      return ret === 0 ? UNKNOWN : 0;
    case Ref.mod_and_return:
      return ret;
    case Ref.mod_unless:
      return ret === 0 ? 0 : UNKNOWN;
    case Ref.freeze:
      return ret === 0 ? UNKNOWN : 0;
    default:
      return UNKNOWN;
  }
}

/** The count before the event where the event itself proves it, else UNKNOWN. A set says nothing about it. */
export function knownBefore(op: number, val: number, ret: number): number {
  if (op === Ref.set) return UNKNOWN;
  if (op === Ref.unfreeze) return 0;
  const after = knownAfter(op, val, ret);
  return after === UNKNOWN ? UNKNOWN : after - added(op, val, ret);
}

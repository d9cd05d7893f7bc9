/**
 * The events that each call causes on one page, under one kernel, as a tree: what begins alike shares a branch. A trace of
 * the page is a walk through it, back to the root behind each call.
 */
import { NotApplicable } from '../../engine/errors.ts';
import type { KernelRevision } from '../../engine/kernels/index.ts';
import type { RefOp } from '../format/page-ref.ts';
import { type Call, folioCalls, largeCalls, smallCalls, tellingCalls, tellingFolioCalls } from './calls.ts';
import { type ModelEvent, observe } from './observe.ts';

/** A call that ends at a node. */
export interface Ending {
  readonly call: string;
  readonly does: Call['does'];
  readonly pages: number | null;
}

export interface ShapeNode {
  /** By {@link keyOf}. */
  readonly next: Map<string, ShapeNode>;
  readonly endings: Ending[];
  /** A call that goes on behind this node, for naming. */
  readonly passing: Ending;
  /** Events from the root. */
  readonly depth: number;
}

/** What two events must have in common to be the same. A put frees or not: that depends on the others. */
export function keyOf(op: RefOp, val: number, ret: number | null, large: boolean): string {
  const result = op === 'mod_unless' || op === 'freeze' ? ` ret=${ret}` : '';
  // Fresh and freed pages are no folios yet, or none any more.
  const kind = op === 'set' ? '' : large ? ' of a large folio' : '';
  // A freeze and a set name a count, which is not the call's own.
  const value = op === 'freeze' || op === 'unfreeze' ? '' : ` ${val}`;
  return `${op}${value}${result}${kind}`;
}

const NOBODY: Ending = { call: '', does: 'other', pages: null };

export class Shapes {
  readonly root: ShapeNode = { next: new Map(), endings: [], passing: NOBODY, depth: 0 };
  private readonly revision: KernelRevision;
  private readonly thorough: boolean;
  private readonly sizes = new Set<number>();
  private hasFolios = false;

  /** `thorough`: on large folios all calls, or those alone by which releases differ. They come when asked for. */
  constructor(revision: KernelRevision, thorough: boolean) {
    this.revision = revision;
    this.thorough = thorough;
    for (const call of smallCalls()) this.add(call);
  }

  /** Adds the calls on so many pages of a large folio. */
  addSize(n: number): void {
    if (!this.hasFolios) for (const call of this.thorough ? folioCalls() : tellingFolioCalls()) this.add(call);
    this.hasFolios = true;
    if (n < 1 || n > 512 || this.sizes.has(n)) return;
    this.sizes.add(n);
    for (const call of this.thorough ? largeCalls(n) : tellingCalls(n)) this.add(call);
  }

  private add(call: Call): void {
    let events: readonly ModelEvent[];
    try {
      ({ events } = observe(this.revision, call.scene, call.lruBatch));
    } catch (thrown) {
      if (thrown instanceof NotApplicable) return;
      throw thrown;
    }
    for (const page of new Set(events.map((event) => event.page))) {
      const own = events.filter((event) => event.page === page);
      this.insert(own, { call: call.name, does: call.does, pages: call.pages });
    }
  }

  private insert(events: readonly ModelEvent[], ending: Ending): void {
    let node = this.root;
    for (const { op, val, ret, large } of events) {
      const key = keyOf(op, val, ret, large);
      let next = node.next.get(key);
      if (next === undefined) {
        next = { next: new Map(), endings: [], passing: ending, depth: node.depth + 1 };
        node.next.set(key, next);
      }
      node = next;
    }
    if (!node.endings.some(({ call }) => call === ending.call)) node.endings.push(ending);
  }
}

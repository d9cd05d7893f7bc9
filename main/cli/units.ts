/**
 * What one process runs at a time. A notebook is one unit, unless there are more processes than notebooks or only a
 * share of the work is wanted: then it is divided by kernels, and by the lines on which experiments stand.
 */
import type { Plan } from '../lab/cut-off.ts';

/** A part of a notebook's work. `null` leaves the choice to the notebook. */
export interface Unit {
  /** Index of the notebook. */
  readonly notebook: number;
  readonly kernels: readonly string[] | null;
  /** 1-based lines on which the experiments stand. */
  readonly lines: readonly number[] | null;
}

/** All experiments on one line under one kernel: the smallest work there is. */
export interface Item {
  readonly notebook: number;
  readonly line: number;
  readonly kernel: string;
}

/** Share `index` (from 1) of `count` shares. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The items of a notebook in the order of its plan. */
export function itemsOf(notebook: number, plan: Plan): Item[] {
  const seen = new Set<string>();
  const items: Item[] = [];
  for (const { line, kernels } of plan) {
    for (const kernel of kernels) {
      if (seen.has(`${line} ${kernel}`)) continue;
      seen.add(`${line} ${kernel}`);
      items.push({ notebook, line, kernel });
    }
  }
  return items;
}

/** Every item is in one share, and shares differ by one item at most. */
export function shareOf(items: readonly Item[], { index, count }: Shard): Item[] {
  return items.filter((_, i) => i % count === index - 1);
}

/**
 * Units that cover the items of one notebook once: about `parts` of them, or more where kernels run on different lines.
 */
export function unitsOf(items: readonly Item[], parts: number): Unit[] {
  const linesOf = new Map<string, number[]>();
  for (const { kernel, line } of items) linesOf.set(kernel, [...(linesOf.get(kernel) ?? []), line]);
  const groups = new Map<string, { lines: readonly number[]; kernels: string[] }>();
  for (const [kernel, lines] of linesOf) {
    const key = [...lines].sort((a, b) => a - b).join(' ');
    const group = groups.get(key) ?? { lines, kernels: [] };
    group.kernels.push(kernel);
    groups.set(key, group);
  }
  const notebook = items[0]?.notebook ?? 0;
  const perGroup = Math.max(1, Math.ceil(parts / Math.max(1, groups.size)));
  return [...groups.values()].flatMap(({ lines, kernels }) =>
    deal(kernels, perGroup).map((share) => ({ notebook, kernels: share, lines })),
  );
}

/** Deals like cards, so that each hand gets old kernels and new ones. No hand is empty. */
export function deal<T>(cards: readonly T[], hands: number): T[][] {
  const count = Math.min(hands, cards.length);
  return Array.from({ length: count }, (_, hand) => cards.filter((_card, i) => i % count === hand));
}

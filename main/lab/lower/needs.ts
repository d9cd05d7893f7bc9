/** What is needed at a place of a generator, as bits, and what surrounds a place while that is worked out. */
import type { AnyNode } from 'acorn';

/** Variables as bits; bit 0 is `this`. */
export type Bits = bigint;
export const THIS: Bits = 1n;

export interface Context {
  /** What pending parts of the expressions around need. */
  readonly held: Bits;
  readonly kept: readonly AnyNode[];
  readonly loops: readonly AnyNode[];
  /** Needed by handlers of the `try` statements around: anything may throw. */
  readonly caught: Bits;
  readonly opaque: string | null;
  readonly breakTo: Bits;
  readonly continueTo: Bits;
  readonly returnTo: Bits;
  readonly labels: ReadonlyMap<string, { readonly breakTo: Bits; readonly continueTo: Bits }>;
  /** Labels of the statement that is about to be analysed. */
  readonly pending: readonly string[];
}

/** Around the body of a generator. */
export const TOP: Context = {
  held: 0n,
  kept: [],
  loops: [],
  caught: 0n,
  opaque: null,
  breakTo: 0n,
  continueTo: 0n,
  returnTo: 0n,
  labels: new Map(),
  pending: [],
};

/** Gives the labels that wait for a statement their places, once those are known. */
export function labelled(context: Context, breakTo: Bits, continueTo: Bits): Context {
  if (context.pending.length === 0) return context;
  const labels = new Map(context.labels);
  for (const name of context.pending) labels.set(name, { breakTo, continueTo });
  return { ...context, labels, pending: [] };
}

/** Wherever it goes on, `bits` is needed first. */
export function everywhere(context: Context, bits: Bits): Context {
  const labels = new Map(
    [...context.labels].map(([name, { breakTo, continueTo }]) => [
      name,
      { breakTo: breakTo | bits, continueTo: continueTo | bits },
    ]),
  );
  return {
    ...context,
    labels,
    caught: context.caught | bits,
    breakTo: context.breakTo | bits,
    continueTo: context.continueTo | bits,
    returnTo: context.returnTo | bits,
  };
}

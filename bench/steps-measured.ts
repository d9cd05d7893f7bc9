/** What the steps benchmark measured, round by round: million steps a second. */
export interface Measured {
  /** The engine, one actor. */
  readonly live: number[];
  /** The explorer: transitions of a search. */
  readonly searched: number[];
  /** A bare generator that waits as often. */
  readonly bare: number[];
  /** Bare generators in chains as long as the engine's calls. */
  readonly chained: number[];
}

/** A line of output that is one; null for any other. */
export function measuredIn(line: string): Measured | null {
  if (!line.startsWith('{"live":')) return null;
  const value: unknown = JSON.parse(line);
  return isMeasured(value) ? value : null;
}

function isMeasured(value: unknown): value is Measured {
  if (typeof value !== 'object' || value === null) return false;
  return ['live', 'searched', 'bare', 'chained'].every((name) => Array.isArray(Reflect.get(value, name)));
}

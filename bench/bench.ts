/** What a benchmark is: something of ours beside something that does the same or nothing, so that machines cancel out. */

/** One measurement. `ratio` is `ours / peer`. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  readonly ratio: number;
  readonly peerName: string;
}

/** What benchmarks need from the command line that runs them. */
export interface Surroundings {
  /** Node, and the command line's own script, to start both anew. */
  readonly node: string;
  readonly cli: string;
  /** The folder that holds `scenarios/`. */
  readonly shipped: string;
}

export interface Bench {
  readonly name: string;
  /** One line: what is compared with what. */
  readonly title: string;
  readonly run: (surroundings: Surroundings) => Promise<readonly Row[]>;
}

/** A row from two measurements in the same unit. */
export function row(name: string, unit: string, ours: number, peer: number, peerName: string): Row {
  return { name, ours: rounded(ours), peer: rounded(peer), unit, ratio: rounded(ours / peer), peerName };
}

/** Four significant digits: more would be noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** The middle of an odd number of measurements. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

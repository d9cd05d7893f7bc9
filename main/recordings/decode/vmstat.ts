/** nr_foll_pin_acquired and nr_foll_pin_released of /proc/vmstat: pairs of them, and what happened between two pairs. */

/** Both counters as they stood at one moment. Units are pages of 4 KiB. */
export interface PinCounters {
  readonly line: number;
  readonly acquired: bigint;
  readonly released: bigint;
}

const COUNTER = /(?:^|[\s"'{,(])nr_foll_pin_(acquired|released)["']? ?[:=]? ?(\d{1,20})(?!\d)/;

/** Reads lines; a pair is whole when both were seen. */
export class VmstatReader {
  private acquired: { line: number; value: bigint } | null = null;
  private released: { line: number; value: bigint } | null = null;

  /** @returns null for a line without a counter; 'half' for the first of a pair. */
  line(text: string, line: number): PinCounters | 'half' | null {
    const match = COUNTER.exec(text);
    if (match === null) return null;
    const value = BigInt(match[2] ?? 0);
    if (match[1] === 'acquired') this.acquired = { line, value };
    else this.released = { line, value };
    const { acquired, released } = this;
    if (acquired === null || released === null) return 'half';
    this.acquired = null;
    this.released = null;
    return { line: Math.min(acquired.line, released.line), acquired: acquired.value, released: released.value };
  }

  /** Line of a counter whose other half never came. */
  end(): number | null {
    return this.acquired?.line ?? this.released?.line ?? null;
  }
}

/** What the doctor says of one thing. */

/** `note` is worth knowing and no fault. */
export type Health = 'ok' | 'note' | 'missing';

export interface Finding {
  readonly what: string;
  readonly health: Health;
  /** One clause. */
  readonly found: string;
  /** What to type, or to do; null where nothing is to be mended. */
  readonly mend: string | null;
}

export const ok = (what: string, found: string): Finding => ({ what, health: 'ok', found, mend: null });
export const note = (what: string, found: string, mend: string | null = null): Finding => ({
  what,
  health: 'note',
  found,
  mend,
});
export const missing = (what: string, found: string, mend: string): Finding => ({
  what,
  health: 'missing',
  found,
  mend,
});

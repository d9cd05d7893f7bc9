/** Which mutant is switched on, and which ones a test comes past. One at a time. */

/** A mutant made the program go on for far longer than it does without. */
export class GoesOn extends Error {}

const board = { on: 0, fuel: Number.POSITIVE_INFINITY, passed: new Set<number>(), listening: false, asked: 0 };

/** Called by the program at every place that a mutant can change. */
export function on(id: number): boolean {
  board.asked++;
  if (board.asked > board.fuel) throw new GoesOn('far more steps than without the mutant');
  if (board.listening) board.passed.add(id);
  return board.on === id;
}

/** A test came past a mutant that is no place in the program. */
export function heard(id: number): void {
  if (board.listening) board.passed.add(id);
}

/** Runs with a mutant (0 for none) and tells how often places were asked, at most `fuel` times. */
export async function withMutant(id: number, fuel: number, run: () => Promise<void>): Promise<number> {
  board.on = id;
  board.fuel = fuel;
  board.asked = 0;
  try {
    await run();
  } finally {
    board.on = 0;
    board.fuel = Number.POSITIVE_INFINITY;
  }
  return board.asked;
}

/** Runs without any and tells which ones were passed. */
export async function listen(run: () => Promise<void>): Promise<{ passed: ReadonlySet<number>; asked: number }> {
  const passed = new Set<number>();
  board.passed = passed;
  board.listening = true;
  try {
    const asked = await withMutant(0, Number.POSITIVE_INFINITY, run);
    return { passed, asked };
  } finally {
    board.listening = false;
  }
}

/** When it is of use to remember what was decided. */

/** Decisions that were made before their number says anything, and the share of new ones that is too many. */
const FEW = 32;
const TOO_MANY = 1 / 4;

/** Whether it is of use to remember decisions, of which so many were made anew when so many were asked for. */
export function isWorthRemembering(made: number, asked: number): boolean {
  return made < FEW || made < asked * TOO_MANY;
}

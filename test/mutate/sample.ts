/** Some of a list, the same ones for the same seed, in their order. */
export function sampleOf<T>(list: readonly T[], n: number, seed: number): readonly T[] {
  if (n >= list.length) return list;
  let state = seed >>> 0;
  // A linear congruential generator: any will do.
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let [left, wanted] = [list.length, n];
  return list.filter(() => {
    const take = random() * left < wanted;
    left--;
    if (take) wanted--;
    return take;
  });
}

/** At most so many things at a time. */

/**
 * Does `work` for every item, at most `jobs` at a time, in the order of the list.
 *
 * @returns the values in that order. Rejects with the first failure, after which nothing more is started.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const values: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) values[index] = await work(item, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
  } catch (thrown) {
    next = items.length;
    throw thrown;
  }
  return values;
}

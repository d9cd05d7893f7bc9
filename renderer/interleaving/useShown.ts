import { useMemo } from 'react';
import { useAppState } from '../app/context.tsx';
import { type Shown, shown } from '../app/stepping.ts';

/** What the right-hand column is about. The same object while selection and results stay the same. */
export function useShown(): Shown | null {
  const state = useAppState((snapshot) => snapshot);
  const { selection, byHand, cellRuns } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these three are all of the snapshot that shown() reads.
  return useMemo(() => shown(state), [selection, byHand, cellRuns]);
}

import type { CellState } from './cell-state.ts';

/** A cell's state: shape, word, figure. */
export function StateMark({ state }: { readonly state: CellState }) {
  return (
    <span className="state-mark" data-tone={state.tone}>
      <span aria-hidden="true">{state.shape}</span> <b>{state.word}</b>
      {state.detail !== '' && <span className="state-detail"> {state.detail}</span>}
    </span>
  );
}

/** A store in the smallest form: an immutable snapshot, one dispatch, listeners. React reads it, the controller too. */
export interface Store<S, A> {
  /** The present snapshot. The same object until a dispatch changes something. */
  readonly get: () => S;
  readonly dispatch: (action: A) => void;
  /** Calls back after each change; returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore<S, A>(reduce: (state: S, action: A) => S, initial: S): Store<S, A> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch: (action) => {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

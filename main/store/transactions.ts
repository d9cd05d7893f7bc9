/** Wraps the store's methods: each is one transaction on an open store, and what goes wrong is a StoreError. */
import type { Context } from './context.ts';
import { closed, StoreError, toStoreError } from './error.ts';

export type Transactions = ReturnType<typeof transactions>;

export function transactions({ db, path }: Context, readOnly: boolean) {
  function translated<R>(action: () => R): R {
    if (!db.open) throw closed(path);
    try {
      return action();
    } catch (error) {
      throw toStoreError(error, path);
    }
  }

  return {
    translated,

    /** A method that sees one state of the store. */
    reads<A extends unknown[], R>(method: (...args: A) => R): (...args: A) => R {
      return (...args) => translated(() => db.transaction(() => method(...args)).deferred());
    },

    /** A method whose changes are all kept, on the disk, or not made. */
    writes<A extends unknown[], R>(method: (...args: A) => R): (...args: A) => R {
      return (...args) =>
        translated(() => {
          if (!readOnly) return db.transaction(() => method(...args)).immediate();
          throw new StoreError('read-only', `The store ${path} was opened for reading only: nothing is kept in it.`);
        });
    },
  };
}

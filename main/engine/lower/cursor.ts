/** Loops over arrays that can say where they are: what `for (... of array)` keeps to itself. */

/** Steps through an array as its own iterator does: by index, up to the length that it has at each turn. */
export class ArrayCursor implements IterableIterator<unknown> {
  readonly array: readonly unknown[];
  readonly method: string;
  index = 0;

  constructor(array: readonly unknown[], method: string) {
    this.array = array;
    this.method = method;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<unknown, undefined> {
    if (this.index >= this.array.length) {
      this.index = Number.POSITIVE_INFINITY;
      return { done: true, value: undefined };
    }
    const index = this.index++;
    const value = this.array[index];
    if (this.method === 'keys') return { done: false, value: index };
    return { done: false, value: this.method === 'entries' ? [index, value] : value };
  }
}

/** The iterators of an array, as cursors. */
export class ArrayCursors {
  private readonly array: readonly unknown[];

  constructor(array: readonly unknown[]) {
    this.array = array;
  }

  entries(): ArrayCursor {
    return new ArrayCursor(this.array, 'entries');
  }

  keys(): ArrayCursor {
    return new ArrayCursor(this.array, 'keys');
  }

  values(): ArrayCursor {
    return new ArrayCursor(this.array, 'values');
  }
}

/** Any other iterable: its place is not known. */
export class OtherCursor implements Iterable<unknown> {
  private readonly iterable: unknown;

  constructor(iterable: unknown) {
    this.iterable = iterable;
  }

  [Symbol.iterator](): Iterator<unknown> {
    if (!isIterable(this.iterable)) throw new TypeError(`${String(this.iterable)} is not iterable`);
    return this.iterable[Symbol.iterator]();
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return value !== null && value !== undefined && typeof Reflect.get(Object(value), Symbol.iterator) === 'function';
}

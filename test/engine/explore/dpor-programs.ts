/** Programs with known numbers of Mazurkiewicz traces: those that papers and tools on partial-order reduction share. */
import type { Lab, Steps, Word } from '../../../main/engine/interface.ts';
import { ADD, CAS, LK, R, UL, W } from '../../../main/engine/step.ts';

type Body = (lab: Lab) => void;

function words(lab: Lab, name: string, n: number, initial = 0): Word[] {
  return Array.from({ length: n }, (_, i) => lab.word(`${name}${i}`, initial));
}

function at(list: readonly Word[], i: number): Word {
  const word = list[i];
  if (word === undefined) throw new RangeError(`no word ${i}`);
  return word;
}

function tasks(lab: Lab, n: number, body: (i: number) => Steps<void>): void {
  for (let i = 0; i < n; i++) {
    lab.task(`thread ${i}`, function* () {
      yield* body(i);
    });
  }
}

export const readers =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    lab.task('writer', function* () {
      yield W(x, 42);
    });
    tasks(lab, n, function* () {
      yield R(x);
    });
  };

export const lastzero =
  (n: number): Body =>
  (lab) => {
    const array = words(lab, 'array', n + 1);
    lab.task('reader', function* () {
      for (let i = n; (yield R(at(array, i))) !== 0; ) i--;
    });
    tasks(lab, n, function* (j) {
      const before = yield R(at(array, j));
      yield W(at(array, j + 1), before + 1);
    });
  };

export const filesystem =
  (n: number): Body =>
  (lab) => {
    const [inode, busy] = [words(lab, 'inode', 32), words(lab, 'busy', 26)];
    const [li, lb] = [words(lab, 'li', 32), words(lab, 'lb', 26)];
    tasks(lab, n, function* (t) {
      const i = t % 32;
      yield LK(at(li, i));
      if ((yield R(at(inode, i))) === 0) {
        for (let b = (i * 2) % 26; ; b = (b + 1) % 26) {
          yield LK(at(lb, b));
          if ((yield R(at(busy, b))) === 0) {
            yield W(at(busy, b), 1);
            yield W(at(inode, i), b + 1);
            yield UL(at(lb, b));
            break;
          }
          yield UL(at(lb, b));
        }
      }
      yield UL(at(li, i));
    });
  };

export const indexer =
  (n: number): Body =>
  (lab) => {
    const table = words(lab, 'table', 128);
    tasks(lab, n, function* (t) {
      for (let m = 1; m <= 4; m++) {
        const w = m * 11 + t;
        for (let h = (w * 7) % 128; (yield CAS(at(table, h), 0, w)) === 0; ) h = (h + 1) % 128;
      }
    });
  };

export const floatingRead =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    lab.task('main', function* () {
      yield R(x);
    });
    tasks(lab, n, function* (i) {
      yield W(x, i + 1);
    });
  };

export const lastwrite =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    tasks(lab, n, function* (i) {
      yield W(x, i + 1);
    });
  };

export const fibBench =
  (n: number): Body =>
  (lab) => {
    const [i, j] = [lab.word('i', 1), lab.word('j', 1)];
    const adder = (to: Word, from: Word) =>
      function* (): Steps<void> {
        for (let round = 0; round < n; round++) {
          const mine = yield R(to);
          yield W(to, mine + (yield R(from)));
        }
      };
    lab.task('A', adder(i, j));
    lab.task('B', adder(j, i));
    lab.task('main', function* () {
      yield R(i);
      yield R(j);
    });
  };

/** Each of `n` threads adds to `counters` counters in order. */
export const adders =
  (n: number, counters: number): Body =>
  (lab) => {
    const count = words(lab, 'count', counters);
    tasks(lab, n, function* () {
      for (const counter of count) yield ADD(counter, 1);
    });
  };

export const casrot =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    tasks(lab, n, function* (i) {
      yield CAS(x, i, i + 1);
    });
  };

export const casw =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    tasks(lab, n, function* (i) {
      yield CAS(x, 0, 1);
      yield W(x, i + 3);
    });
  };

export const wcas =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    lab.task('writer', function* () {
      yield W(x, 2);
    });
    tasks(lab, n, function* () {
      yield CAS(x, 2, 3);
    });
  };

/** Each of `n` threads reads x and writes it. */
export const rw =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    tasks(lab, n, function* () {
      yield W(x, (yield R(x)) + 1);
    });
  };

export const wainc =
  (n: number): Body =>
  (lab) => {
    const x = lab.word('x', 0);
    lab.task('writer', function* () {
      yield W(x, 42);
    });
    tasks(lab, n, function* () {
      yield ADD(x, 1);
    });
  };

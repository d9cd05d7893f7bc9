/** Code that takes a value with it from around it is other code for each value. */
import { expect, test } from 'vitest';
import type { Lab, Steps, Word } from '../../../main/engine/interface.ts';
import { NOP, R, W } from '../../../main/engine/step.ts';
import { explore } from './explore.ts';

type Use = (lab: Lab, read: Word, write: Word) => Steps<void>;

function* delegate(body: () => Steps<void>): Steps<void> {
  yield NOP();
  yield* body();
}

test.each<readonly [string, Use]>([
  [
    'that an actor starts',
    function* (lab, read, write) {
      const seen = yield R(read);
      lab.irq('started', function* () {
        yield NOP();
        yield W(write, 1 + seen);
      });
    },
  ],
  [
    'that is delegated to',
    function* (_lab, read, write) {
      const seen = yield R(read);
      yield* (function* () {
        yield NOP();
        yield W(write, 1 + seen);
      })();
    },
  ],
  [
    'that is handed to a helper',
    function* (_lab, read, write) {
      const seen = yield R(read);
      yield* delegate(function* () {
        yield NOP();
        yield W(write, 1 + seen);
      });
    },
  ],
])('a body %s', (_what, use) => {
  const body = (lab: Lab): void => {
    const [read, write] = [lab.word('read', 0), lab.word('write', 0)];
    lab.task('other', function* () {
      yield W(read, 1);
    });
    lab.task('user', function* () {
      yield* use(lab, read, write);
    });
  };
  const { finals } = explore(body);
  expect(finals).toEqual(explore(body, { fuse: false, keyless: true }).finals);
  expect(finals.size).toBe(2);
});

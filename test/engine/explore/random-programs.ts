/**
 * Small concurrent programs at random: a few actors that do a few operations each on two words, a lock, and a word of
 * their own. Often two actors do the same.
 */
import fc from 'fast-check';
import type { Lab, Steps, Word } from '../../../main/engine/interface.ts';
import { expect } from '../../../main/engine/observe.ts';
import {
  ADD,
  ADDR,
  ADDU,
  CAS,
  IRQ_OFF,
  IRQ_ON,
  LK,
  NOP,
  R,
  SUBT,
  SYNC,
  TRYLK,
  UL,
  W,
  WAIT,
  XCHG,
} from '../../../main/engine/step.ts';

/** What an instruction does with its word, its number and the actor's register. */
export const INSTRUCTIONS = [
  'read',
  'write',
  'write-register',
  'add',
  'add-return',
  'add-unless-zero',
  'subtract-and-test',
  'cas',
  'cas-register',
  'exchange',
  'locked-add',
  'try-locked-write',
  'wait',
  'choose',
  'expect-below',
  'skip-if-equal',
  'again-if-zero',
  'nop',
  'irq-section',
  'sync',
  'spawn',
  'spawn-two',
] as const;

/** Those that start others. */
const STARTS: ReadonlySet<string> = new Set(['spawn', 'spawn-two']);

export interface Instruction {
  readonly what: (typeof INSTRUCTIONS)[number];
  readonly word: number;
  readonly n: number;
}

export interface RandomProgram {
  readonly initial: readonly number[];
  readonly actors: readonly (readonly Instruction[])[];
}

const instruction: fc.Arbitrary<Instruction> = fc.record({
  what: fc.constantFrom(...INSTRUCTIONS),
  word: fc.integer({ min: 0, max: 2 }),
  n: fc.integer({ min: 0, max: 2 }),
});

const short = fc.array(instruction, { minLength: 1, maxLength: 2 });
const longer = fc.array(instruction, { minLength: 1, maxLength: 4 });

/** Two or three actors of so few instructions that every order can be tried. */
export const randomProgram: fc.Arbitrary<RandomProgram> = fc.record({
  initial: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
  actors: fc.oneof(
    fc.tuple(longer, longer),
    fc.tuple(short, short, short),
    longer.map((same) => [same, same]),
    fc.tuple(short, short).map(([same, other]) => [same, other, same]),
    short.map((same) => [same, same, same]),
  ),
});

interface Shared {
  readonly lab: Lab;
  readonly words: readonly Word[];
  readonly lock: Word;
}

function wordOf({ words }: Shared, i: number): Word {
  const word = words[i];
  if (word === undefined) throw new RangeError(`no word ${i}`);
  return word;
}

function* oneInstruction(
  shared: Shared,
  { what, word, n }: Instruction,
  register: number,
  name: string,
): Steps<number> {
  const at = wordOf(shared, word);
  switch (what) {
    case 'read':
      return yield R(at);
    case 'write':
      yield W(at, n);
      return register;
    case 'write-register':
      yield W(at, register);
      break;
    case 'add':
      yield ADD(at, n);
      break;
    case 'add-return':
      return (yield ADDR(at, n)) + (yield R(wordOf(shared, 0)));
    case 'add-unless-zero':
      return yield ADDU(at, n);
    case 'subtract-and-test':
      return yield SUBT(at, n);
    case 'cas':
      return yield CAS(at, n, n + 1);
    case 'cas-register':
      return yield CAS(at, register, n);
    case 'exchange':
      return yield XCHG(at, n);
    case 'locked-add': {
      yield LK(shared.lock);
      const before = yield R(at);
      yield W(at, before + n);
      yield UL(shared.lock);
      break;
    }
    case 'try-locked-write':
      if ((yield TRYLK(shared.lock)) === 0) return 7;
      yield W(at, n);
      yield UL(shared.lock);
      break;
    case 'wait':
      yield WAIT(at, n);
      break;
    case 'choose':
      return yield* shared.lab.choose(n + 1);
    case 'expect-below':
      expect(register).toBeAtMost(n + 1);
      break;
    case 'nop':
      yield NOP();
      break;
    case 'irq-section':
      yield IRQ_OFF();
      yield ADD(at, n);
      yield IRQ_ON();
      break;
    case 'sync':
      yield SYNC();
      break;
    case 'spawn':
      shared.lab.irq(`${name}'s child`, function* () {
        yield ADD(at, register);
      });
      return 0;
    case 'spawn-two':
      for (const which of ['one', 'other']) {
        shared.lab.irq(`${name}'s ${which}`, function* () {
          yield ADD(at, n);
          if (n > 0) yield ADD(wordOf(shared, 0), register);
        });
        if (register > 0) yield NOP();
      }
      return 0;
    default:
      break;
  }
  return register;
}

function* actorOf(shared: Shared, instructions: readonly Instruction[], name: string): Steps<void> {
  let register = 0;
  let again = 0;
  let started = false;
  for (let i = 0; i < instructions.length; i++) {
    const next = instructions[i];
    if (next === undefined || (STARTS.has(next.what) && started)) continue;
    if (next.what === 'skip-if-equal') i += register === next.n ? 1 : 0;
    else if (next.what === 'again-if-zero') {
      if (register === 0 && again++ < 1) i = -1;
    } else register = yield* oneInstruction(shared, next, register, name);
    started ||= STARTS.has(next.what);
  }
}

export function bodyOf({ initial, actors }: RandomProgram) {
  return (lab: Lab): void => {
    const common = initial.slice(0, 2).map((value, i) => lab.word(`w${i}`, value));
    const lock = lab.lock('lock');
    for (const [i, instructions] of actors.entries()) {
      const words = [...common, lab.word(`own ${i}`, initial[2])];
      // Only those who start others need a name to call them by.
      const name = instructions.some(({ what }) => STARTS.has(what)) ? `actor ${i}` : '';
      lab.task(`actor ${i}`, function* () {
        yield* actorOf({ lab, words, lock }, instructions, name);
      });
    }
  };
}

/** nr_foll_pin_acquired and nr_foll_pin_released: their difference is what is pinned. */
import type { BuiltinCheck } from './builtin.ts';

export const I7: BuiltinCheck = {
  id: 'I7',
  sentence: 'in the end nr_foll_pin_acquired - nr_foll_pin_released is the number of pins held',
  source: 'Documentation/core-api/pin_user_pages.rst, "the counters should be equal"',
  when: 'end',
  test(world, read) {
    if (!world.switches.follPin) return null;
    const count = (name: string): number => world.books.peekVmstat(name, read);
    const acquired = count('nr_foll_pin_acquired') + count('nr_foll_pin_requested');
    const released = count('nr_foll_pin_released') + count('nr_foll_pin_returned');
    let held = 0;
    for (const word of world.books.pins.values()) held += read(word.index);
    return acquired - released === held
      ? null
      : `${acquired} were acquired and ${released} released, but ${held} pin(s) are held`;
  },
};

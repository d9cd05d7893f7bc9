import { expect, it } from 'vitest';
import { handedFile, namedFile } from '../../main/arguments.ts';

it.each([
  [['/usr/bin/electron', '/app'], null],
  [['/usr/bin/electron', '--no-sandbox', '/app', '/home/a.lab.ts'], '/home/a.lab.ts'],
  [['/usr/bin/electron', '-r', '/loader.cjs', '/app', '--flag', '/home/a.lab.ts'], '/home/a.lab.ts'],
  [['/usr/bin/electron', '/loader.cjs', '/app'], null],
  [['/opt/gupbook/gupbook', '/home/a.lab.ts'], '/home/a.lab.ts'],
  [['/opt/gupbook/gupbook'], null],
])('%j names %s', (argv, named) => {
  expect(namedFile(argv, '/app')).toBe(named);
});

it.each([
  [{ named: '/home/a.lab.ts' }, '/home/a.lab.ts'],
  [{ named: null }, null],
  [{ named: 'a.lab.ts' }, null],
  [{ named: {} }, null],
  ['/home/a.lab.ts', null],
  [null, null],
])('a second start that hands over %j names %s', (handed, named) => {
  expect(handedFile(handed)).toBe(named);
});

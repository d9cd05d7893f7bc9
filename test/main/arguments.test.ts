import { expect, it } from 'vitest';
import { namedFile } from '../../main/arguments.ts';

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

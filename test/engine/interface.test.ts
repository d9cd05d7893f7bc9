import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { globalDeclarations } from '../../main/app-info.ts';

const source = readFileSync(new URL('../../main/engine/interface.ts', import.meta.url), 'utf8');

test('gupbook.d.ts in scenarios/ is the interface with export taken off (npx vitest -u writes it anew)', async () => {
  await expect(globalDeclarations(source)).toMatchFileSnapshot('../../scenarios/types/gupbook/gupbook.d.ts');
});

test('the interface is types only and imports nothing', () => {
  expect(source).not.toMatch(/^import /m);
  expect(globalDeclarations(source)).not.toMatch(/^export /m);
});

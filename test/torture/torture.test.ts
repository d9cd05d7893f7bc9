import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seed } from '../store/seed.ts';
import { bundle } from './bundle.mjs';
import { torture } from './torture.ts';

const KILLS = 15;

it(`loses no acknowledged edit and damages no database when it is killed ${KILLS} times`, {
  timeout: 120_000,
}, async () => {
  const victim = await bundle(join(import.meta.dirname, 'victim.ts'), 'torture-short');
  const verdict = await torture({ kills: KILLS, seed, victim });
  expect(verdict).toMatchObject({ lost: [], damaged: [] });
  expect(verdict.acknowledged).toBeGreaterThan(0);
});

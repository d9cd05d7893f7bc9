/** The benchmarks, by name. To add one: write its file, and name it here. */
import { app } from './app.ts';
import type { Bench } from './bench.ts';
import { explore } from './explore.ts';
import { parse } from './parse.ts';
import { start } from './start.ts';
import { steps } from './steps.ts';

export type { Bench, Row, Surroundings } from './bench.ts';

export const BENCHES: readonly Bench[] = [start, steps, explore, parse, app];

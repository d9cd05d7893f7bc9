/** The benchmarks, by name. To add one: write its file, and name it here. */
import type { Bench } from './bench.ts';
import { explore } from './explore.ts';
import { parse } from './parse.ts';
import { start } from './start.ts';

export type { Bench, Row, Surroundings } from './bench.ts';

export const BENCHES: readonly Bench[] = [start, explore, parse];

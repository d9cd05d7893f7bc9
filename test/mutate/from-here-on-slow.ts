/** Stands between the imports of tests.ts: see --quick of main.ts. */
import { slowFromHereOn } from './collector.ts';

slowFromHereOn();

import { wholeSetOf } from '../whole.ts';

wholeSetOf('7.2.13');

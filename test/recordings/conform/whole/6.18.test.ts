import { wholeSetOf } from '../whole.ts';

wholeSetOf('6.18');

import { wholeSetOf } from '../whole.ts';

wholeSetOf('6.1.192');

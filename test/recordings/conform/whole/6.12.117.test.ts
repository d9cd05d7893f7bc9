import { wholeSetOf } from '../whole.ts';

wholeSetOf('6.12.117');

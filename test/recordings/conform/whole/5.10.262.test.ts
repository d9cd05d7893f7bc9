import { wholeSetOf } from '../whole.ts';

wholeSetOf('5.10.262');

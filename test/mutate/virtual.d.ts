/** All mutants of the program, in the order of their numbers from 1 on: see plugin.ts. */
declare module 'virtual:mutants' {
  import type { Mutant } from './mutant.ts';

  const mutants: readonly Mutant[];
  export default mutants;
}

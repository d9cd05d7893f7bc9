/** Randomised tests of recordings: one seed a file, printed at its start; GUPBOOK_SEED=N repeats it. */
import fc from 'fast-check';

export const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`GUPBOOK_SEED=${seed}`);
fc.configureGlobal({ seed });

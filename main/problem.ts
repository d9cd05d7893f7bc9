/** Answers that carry an error meant for people: one clear sentence. */
import type { Outcome } from '../preload/contract.ts';

export function problem(message: string): { readonly ok: false; readonly problem: { readonly message: string } } {
  return { ok: false, problem: { message } };
}

export function fine<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

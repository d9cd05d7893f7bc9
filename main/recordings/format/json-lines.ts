/** A line of JSON checked against a schema: the value, or one clause that says what is wrong with it. */
import type { z } from 'zod';

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Parses JSON text. A text that ends too early is told apart from one that is wrong. */
export function readJson<T>(text: string, schema: z.ZodType<T>): Read<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { ok: false, why: 'is not JSON (cut short?)' };
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the value' : issue.path.join('.');
  return { ok: false, why: `does not have the expected fields: ${where}: ${issue?.message ?? 'not as expected'}` };
}

/**
 * Input that cannot be used: a file, an argument, a kernel id, a schedule. The message is one clear sentence for people
 * that says what is wrong, where, and what to do; command lines print it and exit with `exitStatus`.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** Exit status of a command that meets it: bad usage or input. */
  readonly exitStatus = 2;

  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
  }
}

/** A path or an argument as a message shows it: quoted if it is empty or holds blanks or what a terminal acts on. */
export function shown(text: string): string {
  return /^[^\s\p{C}'"`\\]+$/u.test(text) ? text : JSON.stringify(text).replace(/[^ -~]/gu, escaped);
}

/** Letters beyond ASCII stay readable; what would act on a terminal or not be seen is escaped. */
function escaped(sign: string): string {
  if (!/[\p{C}\p{Z}]/u.test(sign)) return sign;
  return `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
}

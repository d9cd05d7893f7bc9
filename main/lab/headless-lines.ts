/**
 * Messages as lines of printable ASCII: JSON, with integer arrays as text. Structured clone does not reach into a `vm`
 * context, and plain JSON would turn an Int32Array into an object with a key per element. Used by both sides; no Node.
 */

/** Key that marks an encoded Int32Array: `{"$int32":"1,2,3"}`. No message has a field of this name. */
const INT32 = '$int32';

/** What turns a message into a line. Everything it needs is taken now, before a script can replace it. */
export function lineEncoder(): (message: unknown) => string {
  const { stringify } = JSON;
  const { apply } = Reflect;
  const { join } = Int32Array.prototype;
  const { charCodeAt, replace, slice } = String.prototype;
  const { toString: inRadix } = Number.prototype;
  const Ints = Int32Array;
  const foreign = /[^\x20-\x7e]/g;
  const replacer = (_key: string, value: unknown): unknown =>
    value instanceof Ints ? { [INT32]: apply(join, value, []) } : value;
  // In JSON text, characters beyond ASCII stand only inside strings, where their escape means the same.
  const escaped = (char: string): string => {
    const digits = apply(inRadix, apply(charCodeAt, char, [0]), [16]);
    return `\\u${apply(slice, `000${digits}`, [-4])}`;
  };
  return (message) => apply(replace, stringify(message, replacer), [foreign, escaped]);
}

/** A line read back. Throws SyntaxError where it is no JSON; what it holds is for realm-messages.ts to judge. */
export function decodeLine(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(INT32 in value)) return value;
    const list = value[INT32];
    if (typeof list !== 'string') return value;
    return list === '' ? new Int32Array(0) : Int32Array.from(list.split(','), Number);
  });
}

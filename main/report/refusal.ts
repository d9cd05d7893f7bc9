/** A report that cannot be made, in one sentence for people: what is missing and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

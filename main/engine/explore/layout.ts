/**
 * How a state is packed: each component is a field of some bits in one of a few 32-bit integers. The fields are just wide
 * enough for the values met so far; when one overflows, a new layout is made and all states are packed again.
 */

/** Bits that number `size` values. */
export function bitsFor(size: number): number {
  return size <= 1 ? 1 : 32 - Math.clz32(size - 1);
}

export class Layout {
  /** 32-bit integers of a state. */
  readonly words: number;
  /** By component: the integer it is in, its lowest bit, the mask of its bits after shifting. */
  readonly at: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;

  /** A layout for components with so many values each; bits that are left over give room to grow. */
  constructor(sizes: readonly number[]) {
    const bits = sizes.map(bitsFor);
    const filled: number[] = [];
    const place = widestFirst(bits).map((component) => {
      const width = bits[component] ?? 1;
      let word = filled.findIndex((used) => used + width <= 32);
      if (word < 0) word = filled.push(0) - 1;
      filled[word] = (filled[word] ?? 0) + width;
      return { component, word };
    });
    this.words = Math.max(1, filled.length);
    this.at = new Int32Array(sizes.length);
    this.shift = new Int32Array(sizes.length);
    this.mask = new Int32Array(sizes.length);
    for (let word = 0; word < this.words; word++) {
      const components = place.filter((placed) => placed.word === word).map(({ component }) => component);
      this.fill(word, components, bits, sizes);
    }
  }

  /** Lays out one integer. Spare bits go to the components that are closest to overflowing. */
  private fill(word: number, components: readonly number[], bits: number[], sizes: readonly number[]): void {
    let spare = 32 - components.reduce((sum, component) => sum + (bits[component] ?? 0), 0);
    const fullness = (component: number): number => (sizes[component] ?? 1) / 2 ** (bits[component] ?? 1);
    for (; spare > 0 && components.length > 0; spare--) {
      const fullest = components.reduce((a, b) => (fullness(b) > fullness(a) ? b : a));
      if (sizes[fullest] === 1 || fullness(fullest) <= 1 / 8) break;
      bits[fullest] = (bits[fullest] ?? 1) + 1;
    }
    let shift = 0;
    for (const component of components) {
      const width = bits[component] ?? 1;
      this.at[component] = word;
      this.shift[component] = shift;
      this.mask[component] = width >= 32 ? -1 : 2 ** width - 1;
      shift += width;
    }
  }

  /** Whether the component has a number for one more value than `size`. */
  holds(component: number, size: number): boolean {
    return component < this.at.length && size - 1 <= (this.mask[component] ?? 0) >>> 0;
  }
}

/** Components by width, the widest first, so that few bits are wasted. */
function widestFirst(bits: readonly number[]): number[] {
  return bits.map((_, component) => component).sort((a, b) => (bits[b] ?? 0) - (bits[a] ?? 0) || a - b);
}

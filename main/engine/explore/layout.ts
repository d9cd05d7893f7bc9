/**
 * How a state is packed: each component is a field of some bits in one of a few 32-bit integers. When a field overflows,
 * or there is none left for a new component, a new layout is made and all states are packed again. While states are few
 * the layout is roomy, so that this seldom happens; when they are many the fields are just wide enough.
 */

/** Bits that number `size` values. */
export function bitsFor(size: number): number {
  return size <= 1 ? 1 : 32 - Math.clz32(size - 1);
}

/** In a roomy layout components have bits for so many times the values they have. */
const ROOM = 4;

export class Layout {
  /** 32-bit integers of a state. */
  readonly words: number;
  /** By component: the integer it is in, its lowest bit, the mask of its bits after shifting. */
  at: Int32Array;
  shift: Int32Array;
  mask: Int32Array;
  private readonly isRoomy: boolean;
  /** By integer: bits that no component has. They are 0 in all states. */
  private readonly free: number[];

  /**
   * A layout for components with so many values each; bits that are left over give room to grow. A roomy one has more
   * of them than it needs, and an integer for components to come.
   */
  constructor(sizes: readonly number[], isRoomy = false) {
    this.isRoomy = isRoomy;
    const bits = sizes.map((size) => this.widthFor(size));
    const filled: number[] = [];
    const place = widestFirst(bits).map((component) => {
      const width = bits[component] ?? 1;
      let word = filled.findIndex((used) => used + width <= 32);
      if (word < 0) word = filled.push(0) - 1;
      filled[word] = (filled[word] ?? 0) + width;
      return { component, word };
    });
    this.words = Math.max(1, filled.length) + (isRoomy ? 1 : 0);
    this.free = new Array<number>(this.words).fill(32);
    this.at = new Int32Array(sizes.length);
    this.shift = new Int32Array(sizes.length);
    this.mask = new Int32Array(sizes.length);
    for (let word = 0; word < this.words; word++) {
      const components = place.filter((placed) => placed.word === word).map(({ component }) => component);
      this.fill(word, components, bits, sizes);
    }
  }

  private widthFor(size: number): number {
    return bitsFor(this.isRoomy && size > 1 ? Math.min(size * ROOM, 2 ** 30) : size);
  }

  /**
   * Finds room for components behind those there are, where that leaves all states as they are; false where there is
   * too little of it. `sizes` are those of all components.
   */
  extend(sizes: readonly number[]): boolean {
    const known = this.at.length;
    if (!sizes.every((size, component) => component >= known || this.holds(component, size))) return false;
    const free = [...this.free];
    const added = sizes.slice(known).map((size) => {
      const width = this.widthFor(Math.max(size, 2));
      const word = free.findIndex((bits) => bits >= width);
      const shift = 32 - (free[word] ?? 0);
      free[word] = (free[word] ?? 0) - width;
      return { word, shift, width };
    });
    if (added.some(({ word }) => word < 0)) return false;
    this.free.splice(0, this.free.length, ...free);
    this.at = Int32Array.from([...this.at, ...added.map(({ word }) => word)]);
    this.shift = Int32Array.from([...this.shift, ...added.map(({ shift }) => shift)]);
    this.mask = Int32Array.from([...this.mask, ...added.map(({ width }) => maskOf(width))]);
    return true;
  }

  /** Lays out one integer. Spare bits go to the components that are closest to overflowing. */
  private fill(word: number, components: readonly number[], bits: number[], sizes: readonly number[]): void {
    let spare = this.isRoomy ? 0 : 32 - components.reduce((sum, component) => sum + (bits[component] ?? 0), 0);
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
      this.mask[component] = maskOf(width);
      shift += width;
    }
    this.free[word] = 32 - shift;
  }

  /** Whether the component has a number for one more value than `size`. */
  holds(component: number, size: number): boolean {
    return component < this.at.length && size - 1 <= (this.mask[component] ?? 0) >>> 0;
  }
}

function maskOf(width: number): number {
  return width >= 32 ? -1 : 2 ** width - 1;
}

/** Components by width, the widest first, so that few bits are wasted. */
function widestFirst(bits: readonly number[]): number[] {
  return bits.map((_, component) => component).sort((a, b) => (bits[b] ?? 0) - (bits[a] ?? 0) || a - b);
}

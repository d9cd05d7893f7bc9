/**
 * Actors that others start with the same code over the same things: the bios of one request, say. They are
 * interchangeable as long as they exist, and which of those that are not started yet is started makes no difference. Who
 * is kin is known when all were met; then the search starts again, knowing it.
 */
import { live } from '../lower/live.ts';
import type { ActorKind } from '../trace.ts';
import type { World } from '../world.ts';
import { Restart, type Visible } from './fusion.ts';

export class Kin {
  private readonly world: World;
  private readonly visible: Visible;
  private readonly on: boolean;
  /** Groups that this search knows, by name of a member. */
  private readonly groups = new Map<string, readonly string[]>();
  /** What each was started with. */
  private readonly keys = new Map<string, string>();
  private isNews = false;

  constructor(world: World, visible: Visible, on: boolean) {
    this.world = world;
    this.visible = visible;
    this.on = on && visible.asymmetric !== true;
    if (!this.on) return;
    for (const known of visible.kin ?? []) {
      const group = [...known];
      for (const name of group) this.groups.set(name, group);
    }
  }

  /** Ids of the members of each group. */
  get actors(): number[][] {
    return this.names.map((group) => group.map((name) => this.idOf(name)));
  }

  get names(): (readonly string[])[] {
    return [...new Set(this.groups.values())];
  }

  private idOf(name: string): number {
    const [mate = ''] = this.groups.get(name) ?? [];
    const kind = this.visible.kinds?.get(mate) ?? 'task';
    return this.world.actor(name, kind, null);
  }

  /** An actor can be started with a body. @throws Restart where it was taken for kin of others and is not */
  meet(actor: number, body: object): void {
    const entry = this.world.actors[actor];
    if (!this.on || entry === undefined || entry.body !== null || this.visible.apart?.has(entry.name) === true) return;
    const { name, kind } = entry;
    const own = live.bodyKey(body);
    const key = `${kind}|${own}`;
    const group = this.groups.get(name) ?? [];
    const others = group.map((other) => this.keys.get(other) ?? key);
    if (own === null || (this.keys.get(name) ?? key) !== key || others.some((other) => other !== key)) {
      this.separate(name);
      return;
    }
    this.keys.set(name, key);
    if (group.length > 0) return;
    const mates = [...this.keys].flatMap(([other, its]) => (its === key && other !== name ? [other] : []));
    if (mates.length > 0) this.join(name, mates, kind);
  }

  private join(name: string, mates: readonly string[], kind: ActorKind): void {
    const { visible } = this;
    visible.kin ??= [];
    visible.kinds ??= new Map();
    const known = visible.kin.find((group) => mates.some((mate) => group.includes(mate)));
    if (known === undefined) {
      visible.kin.push([...mates, name]);
      visible.kinds.set(mates[0] ?? name, kind);
    } else known.push(name);
    this.isNews = true;
  }

  /** It is nobody's kin, and neither are those that it was taken for kin of. @throws Restart if there are any */
  separate(name: string): void {
    const { visible } = this;
    visible.apart ??= new Set();
    const group = this.groups.get(name) ?? [name];
    for (const other of group) visible.apart.add(other);
    visible.kin = (visible.kin ?? []).filter((other) => !other.includes(name));
    if (group.length > 1) throw new Restart();
  }

  /** @throws Restart where there is kin that was not known */
  settle(): void {
    if (this.isNews) throw new Restart();
  }
}

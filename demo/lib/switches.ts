import { type FaultName, type FaultOf, faults, type ServiceName } from '../faults.ts';

/** Makes a fault happen, and mends it. Mending what is not broken does no harm. */
export interface Switch {
  on(parameters: Readonly<Record<string, number>>): Promise<void> | void;
  off(): Promise<void> | void;
}

/** One for each fault of a service, and no other. */
export type SwitchesOf<Service extends ServiceName> = Readonly<Record<FaultOf<Service>, Switch>>;

export type Switches = Readonly<Partial<Record<FaultName, Switch>>>;

/** The faults of a service that are on, with their parameters. */
export class Switchboard {
  readonly #switches: Switches;
  readonly #active = new Map<FaultName, Readonly<Record<string, number>>>();

  constructor(switches: Switches) {
    this.#switches = switches;
  }

  get faults() {
    return faults.filter(({ name }) => this.#switches[name]);
  }

  state(name: FaultName): { name: FaultName; active: boolean; parameters?: Readonly<Record<string, number>> } {
    const parameters = this.#active.get(name);
    return { name, active: parameters !== undefined, ...(parameters ? { parameters } : {}) };
  }

  async on(name: FaultName, parameters: Readonly<Record<string, number>>): Promise<void> {
    await this.#switches[name]?.on(parameters);
    this.#active.set(name, parameters);
  }

  async off(name: FaultName): Promise<void> {
    await this.#switches[name]?.off();
    this.#active.delete(name);
  }
}

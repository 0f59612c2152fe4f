/** The agents as the server that runs now knows them. */

import type { Agent, Calls } from "../protocol/calls";
import { iconName } from "./labels";

/** Names and icons of agents; asked for once, until `forget`. */
export class Agents {
  private known: ReadonlyMap<string, Agent> = new Map();
  private asked: Promise<void> | undefined;

  constructor(private readonly calls: () => Pick<Calls, "listAgents">) {}

  /** All of them, sorted by id; none before `load`. */
  get all(): readonly Agent[] {
    return [...this.known.values()];
  }

  /** Ask for them, unless they are known. Errors: whatever the call raises; the next load asks again. */
  load(): Promise<void> {
    this.asked ??= this.ask().catch((error: unknown) => {
      this.asked = undefined;
      throw error;
    });
    return this.asked;
  }

  /** Ask again at the next load; until then the names stay. */
  forget(): void {
    this.asked = undefined;
  }

  /** An agent's name for people; of one that is not known its id. */
  title(id: string): string {
    return this.known.get(id)?.title ?? id;
  }

  /** The name of an agent's icon in the editor's own set. */
  icon(id: string): string {
    return iconName(this.known.get(id)?.icon);
  }

  /** Whether sessions of an agent can be changed in a way that `capabilities` of agents/list names. */
  can(id: string, capability: string): boolean {
    return this.known.get(id)?.capabilities.includes(capability) ?? false;
  }

  private async ask(): Promise<void> {
    const { agents } = await this.calls().listAgents();
    this.known = new Map(agents.map((agent) => [agent.id, agent]));
  }
}

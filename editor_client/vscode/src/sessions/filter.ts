/** What the sidebar is narrowed to; pure. */

import { isAbsolute } from "node:path";
import { displayText, joined, shortPath } from "../common/labels";
import type { Translate } from "../common/words";
import type { ListSessionsParams } from "../protocol/calls";
import { memberOf } from "../protocol/errors";
import type { ChosenFolder } from "./groups";

/** What must hold of a session that is shown; what is absent leaves all. */
export interface Filter {
  /** In its title or its folder's path; never blank. */
  readonly text?: string | undefined;
  /** Ids of agents; never empty. */
  readonly agents?: readonly string[] | undefined;
  /** A group that a person made, in exactly this case; never blank. */
  readonly group?: string | undefined;
  /** Never empty. */
  readonly folders?: readonly ChosenFolder[] | undefined;
  /** False shows what is not archived, true what is, `all` both. */
  readonly archived: boolean | "all";
}

/** What is shown at first: all that is not archived. */
export const NO_FILTER: Filter = { archived: false };

/** What names agents and folders in a description. */
export interface FilterNames {
  readonly t: Translate;
  /** The name for people of an agent. */
  agentTitle(id: string): string;
  /** The user's home folder. */
  readonly home: string;
}

/** A filter without what means nothing: blank text, empty choices. */
export function tidyFilter(filter: Filter): Filter {
  const text = filter.text?.trim();
  return {
    ...(text ? { text } : {}),
    ...(filter.agents?.length ? { agents: filter.agents } : {}),
    ...(filter.group?.trim() ? { group: filter.group } : {}),
    ...(filter.folders?.length ? { folders: filter.folders } : {}),
    archived: filter.archived,
  };
}

/** Whether a filter hides anything that is shown without one, or the other way round. */
export function isFiltered(filter: Filter): boolean {
  const { text, agents, group, folders, archived } = tidyFilter(filter);
  return [text, agents, group, folders].some((narrow) => narrow !== undefined) || archived !== false;
}

/** The filter as params; the folders are left out, for these are cut with the groups' own. */
export function filterParams(filter: Filter): Pick<ListSessionsParams, "text" | "agents" | "group" | "archived"> {
  const { folders, ...params } = tidyFilter(filter);
  return params;
}

/** One line that says what is shown, such as `text “price” · pi · archived`; empty without a filter. */
export function describeFilter(filter: Filter, names: FilterNames): string {
  const { text, agents, group, folders } = tidyFilter(filter);
  return joined([
    text === undefined ? undefined : names.t("text “{0}”", displayText(text)),
    agents === undefined ? undefined : agentsText(agents, names),
    group === undefined ? undefined : names.t("group “{0}”", displayText(group)),
    folders === undefined ? undefined : foldersText(folders, names),
    filter.archived === false ? undefined : archivedText(filter.archived, names.t),
  ]);
}

/** The agents' names in one text. */
export function agentsText(agents: readonly string[], names: FilterNames): string {
  return agents.map((id) => displayText(names.agentTitle(id))).join(", ");
}

/** The folder's path, or how many folders there are. */
export function foldersText(folders: readonly ChosenFolder[], names: FilterNames): string {
  const [first] = folders;
  return folders.length === 1 && first !== undefined
    ? shortPath(first.path, names.home)
    : names.t("{0} folders", folders.length);
}

/** What is shown of archived sessions and others. */
export function archivedText(archived: boolean | "all", t: Translate): string {
  return archived === "all" ? t("live and archived") : archived ? t("archived") : t("live");
}

/** A filter that was stored; what of it is not understood is left out. */
export function readFilter(stored: unknown): Filter {
  const text = memberOf(stored, "text");
  const group = memberOf(stored, "group");
  const archived = memberOf(stored, "archived");
  return tidyFilter({
    text: typeof text === "string" ? text : undefined,
    agents: listOf(memberOf(stored, "agents")).filter((agent) => typeof agent === "string"),
    group: typeof group === "string" ? group : undefined,
    folders: listOf(memberOf(stored, "folders")).flatMap(readFolder),
    archived: archived === true || archived === "all" ? archived : false,
  });
}

function readFolder(stored: unknown): ChosenFolder[] {
  const path = memberOf(stored, "path");
  const repository = memberOf(stored, "repository");
  if (typeof path !== "string" || !isAbsolute(path)) {
    return [];
  }
  return [typeof repository === "string" ? { path, repository } : { path }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** How sessions are grouped by workspace folder; pure. */

import { isAbsolute, relative, sep } from "node:path";
import type { ListSessionsParams, WorkspaceFolder } from "../protocol/calls";

/** One group of the tree. */
export interface Group {
  /** Stable over refreshes and restarts. */
  readonly id: string;
  /** The names of its workspace folders; empty for the other folders. */
  readonly names: readonly string[];
  /** The workspace folders it stands for, absolute paths; empty for the other folders. */
  readonly folders: readonly string[];
  /** Where these folders lie in their repository; absent outside one. */
  readonly place?: Place | undefined;
  /** The place of the group in the order in which sessions are given away, from 0; see `makeGroups`. */
  readonly rank: number;
  /** What tells its sessions from those of the other groups. */
  readonly where: Where;
}

/** The part of a question that tells the groups apart. */
export type Where = Pick<ListSessionsParams, "folders" | "excludeFolders" | "worktrees">;

/** A place that all worktrees of a repository have. */
export interface Place {
  /** The common git directory. */
  readonly repository: string;
  /** The path from the top of a working tree, `.` for the top itself. */
  readonly path: string;
}

/** A workspace folder as the editor names it. */
export interface NamedFolder {
  readonly name: string;
  readonly path: string;
}

/** A folder to which a person has narrowed the list. */
export interface ChosenFolder {
  readonly path: string;
  /** Its common git directory; absent outside a repository. */
  readonly repository?: string | undefined;
}

/** The id of the group for what lies in no workspace folder; all sessions, when no folder is open. */
export const OTHER_FOLDERS_ID = "other";

/**
 * The groups of the editor's folders in the editor's order, and last the one for all other folders.
 *
 * The same place in several worktrees of one repository is one group. Folders may lie in each other: every session
 * belongs to the first group that has it, those nested deepest being asked first (their `rank`), so each group
 * excludes the folders of all groups asked before it.
 */
export function makeGroups(named: readonly NamedFolder[], located: readonly WorkspaceFolder[]): Group[] {
  const begun = begin(named, located);
  const ranked = deepestFirst(begun);
  const taken: string[] = [];
  const groups = new Map<Begun, Group>();
  ranked.forEach((group, rank) => {
    const excluded = taken.filter((folder) => !group.folders.some((own) => isSame(folder, own)));
    groups.set(group, { ...group, rank, where: whereOf(group.folders, excluded) });
    taken.push(...group.folders);
  });
  const where = taken.length > 0 ? { excludeFolders: taken, worktrees: true } : {};
  const other: Group = { id: OTHER_FOLDERS_ID, names: [], folders: [], rank: ranked.length, where };
  return [...begun.flatMap((group) => groups.get(group) ?? []), other];
}

/** The folders of the editor that are missing in what the server told. */
export function unlocated(named: readonly NamedFolder[], located: readonly WorkspaceFolder[]): readonly NamedFolder[] {
  return named.filter((folder) => !located.some((found) => isSame(found.path, folder.path)));
}

/**
 * The groups narrowed to chosen folders; groups that lose all theirs are left out.
 *
 * A chosen folder goes to the group in whose folders it lies, or in whose repository when the group is all of it.
 * Where it is the other way round, and a group's folder lies in the chosen one, the group keeps that folder. What no
 * group takes is in the other folders. Worktrees are not followed: who chooses one of them wants that one.
 */
export function narrowGroups(groups: readonly Group[], chosen: readonly ChosenFolder[]): Group[] {
  if (chosen.length === 0) {
    return [...groups];
  }
  const taken: string[] = [];
  const narrowed = new Map<string, Group>();
  for (const group of [...groups].sort((one, two) => one.rank - two.rank)) {
    const own = commonFolders(group, chosen).filter((folder) => !taken.some((other) => isWithin(folder, other)));
    if (own.length > 0) {
      const excluded = taken.filter((other) => own.some((folder) => isWithin(other, folder)));
      const where = excluded.length > 0 ? { folders: own, excludeFolders: excluded } : { folders: own };
      narrowed.set(group.id, { ...group, where });
      taken.push(...own);
    }
  }
  return groups.flatMap((group) => narrowed.get(group.id) ?? []);
}

/** Whether a path is a folder or lies below it; both absolute, or both relative to the same place. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

type Begun = Pick<Group, "id" | "names" | "folders" | "place">;

function begin(named: readonly NamedFolder[], located: readonly WorkspaceFolder[]): Begun[] {
  const groups = new Map<string, Begun>();
  for (const folder of named) {
    const place = placeOf(located.find((found) => isSame(found.path, folder.path)));
    const id = place === undefined ? `folder ${folder.path}` : `repository ${place.repository} ${place.path}`;
    const known = groups.get(id);
    if (known?.folders.some((path) => isSame(path, folder.path)) !== true) {
      const names = [...(known?.names ?? []), folder.name];
      groups.set(id, { id, names, folders: [...(known?.folders ?? []), folder.path], place });
    }
  }
  return [...groups.values()];
}

function placeOf(folder: WorkspaceFolder | undefined): Place | undefined {
  return folder?.repository === undefined || folder.repositoryPath === undefined
    ? undefined
    : { repository: folder.repository, path: folder.repositoryPath };
}

/** Groups before those they lie in; of groups that have nothing to do with each other, longer paths first. */
function deepestFirst(groups: readonly Begun[]): Begun[] {
  const ordered = new Set<Begun>();
  const entered = new Set<Begun>();
  const enter = (group: Begun) => {
    // Two groups can lie in each other by way of worktrees: the one met first then comes last.
    if (!entered.has(group)) {
      entered.add(group);
      for (const inner of groups.filter((other) => other !== group && liesIn(other, group))) {
        enter(inner);
      }
      ordered.add(group);
    }
  };
  const depth = (group: Begun) => Math.max(...group.folders.map((folder) => folder.split(sep).length));
  for (const group of [...groups].sort((one, two) => depth(two) - depth(one))) {
    enter(group);
  }
  return [...ordered];
}

/** Within one repository its paths decide, as they hold for the worktrees that are not open, too. */
function liesIn(inner: Begun, outer: Begun): boolean {
  if (inner.place !== undefined && outer.place?.repository === inner.place.repository) {
    return isWithin(inner.place.path, outer.place.path);
  }
  return inner.folders.some((path) => outer.folders.some((folder) => isWithin(path, folder)));
}

function whereOf(folders: readonly string[], excluded: readonly string[]): Where {
  return excluded.length > 0 ? { folders, excludeFolders: excluded, worktrees: true } : { folders, worktrees: true };
}

function commonFolders(group: Group, chosen: readonly ChosenFolder[]): string[] {
  const common = new Set<string>();
  for (const { path, repository } of chosen) {
    const wholeRepository =
      repository !== undefined && group.place?.repository === repository && group.place.path === ".";
    if (group.folders.length === 0 || wholeRepository || group.folders.some((folder) => isWithin(path, folder))) {
      common.add(path);
    } else {
      for (const folder of group.folders.filter((own) => isWithin(own, path))) {
        common.add(folder);
      }
    }
  }
  return [...common];
}

function isSame(one: string, two: string): boolean {
  return relative(one, two) === "";
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkspaceFolder } from "../src/protocol/calls";
import { type Group, isWithin, makeGroups, narrowGroups, OTHER_FOLDERS_ID, unlocated } from "../src/sessions/groups";

const REPO = "/src/shop/.git";

function plain(path: string): WorkspaceFolder {
  return { path, exists: true };
}

function inRepo(path: string, repositoryPath = ".", repository = REPO): WorkspaceFolder {
  return { path, exists: true, repository, repositoryPath };
}

function groupsOf(...located: WorkspaceFolder[]): Group[] {
  const named = located.map(({ path }) => ({ name: path.split("/").at(-1) ?? "", path }));
  return makeGroups(named, located);
}

/** By the folders of each group: those it excludes. */
function excluded(groups: readonly Group[]): Record<string, readonly string[]> {
  return Object.fromEntries(groups.map(({ folders, where }) => [folders.join(" "), where.excludeFolders ?? []]));
}

/**
 * The groups that show a session of a work dir, by the server's rule: below a folder, or with `worktrees` below the
 * same place in another working tree.
 */
function showing(groups: readonly Group[], workDir: string, tops: readonly string[]): string[] {
  const spread = (folders: readonly string[], worktrees: boolean) =>
    folders.flatMap((folder) => {
      const top = worktrees ? tops.find((one) => isWithin(folder, one)) : undefined;
      return top === undefined ? [folder] : tops.map((one) => one + folder.slice(top.length));
    });
  return groups
    .filter(({ where }) => {
      const holds = (folders: readonly string[]) =>
        spread(folders, where.worktrees === true).some((folder) => isWithin(workDir, folder));
      return (where.folders === undefined || holds(where.folders)) && !holds(where.excludeFolders ?? []);
    })
    .map(({ id }) => id);
}

describe("groups of workspace folders", () => {
  it("are all sessions when no folder is open", () => {
    assert.deepEqual(makeGroups([], []), [{ id: OTHER_FOLDERS_ID, names: [], folders: [], rank: 0, where: {} }]);
  });

  it("are one for each folder and one for the rest, in the editor's order", () => {
    const groups = groupsOf(plain("/b"), plain("/a/very/deep"));
    assert.deepEqual(
      groups.map(({ names }) => names),
      [["b"], ["deep"], []],
    );
    assert.deepEqual(groups.at(-1)?.where, { excludeFolders: ["/a/very/deep", "/b"], worktrees: true });
  });

  it("put worktrees of one repository together, and other places of it apart", () => {
    const groups = groupsOf(inRepo("/src/shop"), plain("/x"), inRepo("/src/shop-fix"), inRepo("/src/shop/web", "web"));
    assert.deepEqual(
      groups.map(({ folders }) => folders),
      [["/src/shop", "/src/shop-fix"], ["/x"], ["/src/shop/web"], []],
    );
    assert.deepEqual(groups[0]?.names, ["shop", "shop-fix"]);
  });

  it("have ids that depend on nothing but their place", () => {
    const once = groupsOf(inRepo("/src/shop"), plain("/x"));
    const again = groupsOf(plain("/x"), plain("/y"), inRepo("/src/shop-fix"));
    assert.equal(once[0]?.id, again[2]?.id);
    assert.equal(once[1]?.id, again[0]?.id);
    assert.equal(new Set(again.map(({ id }) => id)).size, 4);
  });

  it("exclude the folders nested in them, never one of their own", () => {
    const outer = excluded(groupsOf(plain("/a"), plain("/a/b"), plain("/a/b/c")));
    assert.deepEqual(outer["/a/b/c"], []);
    assert.deepEqual(outer["/a/b"], ["/a/b/c"]);
    assert.deepEqual(outer["/a"], ["/a/b/c", "/a/b"]);
    const twice = makeGroups(
      [
        { name: "one", path: "/a" },
        { name: "two", path: "/a/" },
      ],
      [plain("/a")],
    );
    assert.deepEqual(twice[0]?.where.excludeFolders ?? [], []);
  });

  it("see a folder nested by way of another worktree", () => {
    const groups = groupsOf(inRepo("/home/ana/src/shop"), inRepo("/fix/web", "web"));
    assert.deepEqual(excluded(groups)["/home/ana/src/shop"], ["/fix/web"]);
    assert.deepEqual(excluded(groups)["/fix/web"], []);
  });

  it("take a repository nested in another one for the inner group", () => {
    const groups = groupsOf(inRepo("/src/shop/vendor", "vendor"), inRepo("/src/shop/vendor/lib", ".", "/lib/.git"));
    assert.deepEqual(excluded(groups)["/src/shop/vendor"], ["/src/shop/vendor/lib"]);
    assert.deepEqual(excluded(groups)["/src/shop/vendor/lib"], []);
  });

  it("show every session exactly once, wherever it works", () => {
    const tops = ["/src/shop", "/src/shop/web/tree", "/fix"];
    const groups = groupsOf(
      inRepo("/src/shop"),
      inRepo("/src/shop/web", "web"),
      inRepo("/src/shop/web/tree"),
      inRepo("/fix/web/ui", "web/ui"),
      plain("/src"),
      plain("/notes"),
    );
    const dirs = ["/src", "/src/shop", "/src/shop/web", "/src/shop/web/ui/x", "/src/shop/web/tree/web", "/fix/web/ui"];
    for (const dir of [...dirs, "/fix", "/fix/web", "/notes/a", "/elsewhere"]) {
      assert.equal(showing(groups, dir, tops).length, 1, `${dir}: ${showing(groups, dir, tops).join(" + ")}`);
    }
    assert.deepEqual(showing(groups, "/elsewhere", tops), [OTHER_FOLDERS_ID]);
    assert.deepEqual(showing(groups, "/src/shop/web/ui", tops), showing(groups, "/fix/web/ui", tops));
  });

  it("tell which folders the server has not heard of yet", () => {
    const named = [
      { name: "a", path: "/a" },
      { name: "b", path: "/b" },
    ];
    assert.deepEqual(unlocated(named, [plain("/a/")]), [{ name: "b", path: "/b" }]);
  });
});

describe("groups narrowed to chosen folders", () => {
  const groups = groupsOf(inRepo("/src/shop"), inRepo("/src/shop/web", "web"), plain("/notes"));
  const narrowed = (...chosen: Parameters<typeof narrowGroups>[1]) =>
    Object.fromEntries(narrowGroups(groups, chosen).map(({ names, where }) => [names[0] ?? "others", where]));

  it("stay as they are when nothing is chosen", () => {
    assert.deepEqual(narrowGroups(groups, []), groups);
  });

  it("keep a chosen folder in the innermost group that has it", () => {
    assert.deepEqual(narrowed({ path: "/src/shop/web/ui" }), { web: { folders: ["/src/shop/web/ui"] } });
    assert.deepEqual(narrowed({ path: "/src/shop/docs" }), { shop: { folders: ["/src/shop/docs"] } });
  });

  it("keep a group's own folder when a folder around it is chosen", () => {
    assert.deepEqual(narrowed({ path: "/src" }), {
      shop: { folders: ["/src/shop"], excludeFolders: ["/src/shop/web"] },
      web: { folders: ["/src/shop/web"] },
      others: { folders: ["/src"], excludeFolders: ["/src/shop/web", "/src/shop"] },
    });
  });

  it("know a worktree that is not open by its repository", () => {
    assert.deepEqual(narrowed({ path: "/fix/docs", repository: REPO }), { shop: { folders: ["/fix/docs"] } });
  });

  it("leave the rest to the other folders", () => {
    assert.deepEqual(narrowed({ path: "/else", repository: "/else/.git" }, { path: "/notes/a" }), {
      notes: { folders: ["/notes/a"] },
      others: { folders: ["/else"] },
    });
  });

  it("show only chosen folders when none is open", () => {
    const [all] = narrowGroups(makeGroups([], []), [{ path: "/a" }, { path: "/b" }]);
    assert.deepEqual(all?.where, { folders: ["/a", "/b"] });
  });

  it("show a session of nested choices once, and keep ids and order", () => {
    const chosen = narrowGroups(groups, [
      { path: "/src/shop" },
      { path: "/src/shop/web" },
      { path: "/src/shop/web/ui" },
    ]);
    for (const dir of ["/src/shop", "/src/shop/web", "/src/shop/web/ui"]) {
      assert.equal(showing(chosen, dir, []).length, 1, dir);
    }
    assert.deepEqual(
      chosen.map(({ id }) => id),
      groups.slice(0, 2).map(({ id }) => id),
    );
  });
});

describe("isWithin", () => {
  it("compares whole names", () => {
    assert.equal(isWithin("/a/bc", "/a/b"), false);
    assert.equal(isWithin("/a/..b", "/a"), true);
    assert.equal(isWithin("/a", "/a/"), true);
    assert.equal(isWithin("/a", "/a/b"), false);
    assert.equal(isWithin("web/ui", "."), true);
    assert.equal(isWithin("/x", "/"), true);
  });
});

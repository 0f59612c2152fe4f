/** The commands that are about one session. */

import { commands, type ExtensionContext, env, l10n, Uri, window } from "vscode";
import { guarded } from "../common/guarded";
import type { Documents } from "../documents/documents";
import { parseUri } from "../documents/uris";
import type { SessionRow } from "../protocol/calls";
import { pickSession } from "../sessions/quick_pick";
import type { Sidecar } from "../sidecar";
import { type ForkParts, forkAt, forkSession, openParent } from "./fork";
import { isForkPoint } from "./fork_turns";
import { Resumer } from "./resume";
import { revealTranscript } from "./reveal";
import { type Finders, findTarget, isRowLost, isSessionNode } from "./target";
import { chooseUploads } from "./upload";

/** What the commands work with. */
export interface Parts {
  readonly sidecar: Sidecar;
  readonly tree: Finders["tree"] & ForkParts["tree"];
  readonly changer: ForkParts["changer"];
  readonly documents: Pick<Documents, "openSession" | "turnAtCursor" | "openChanges" | "openDiagnosis">;
}

/** Milliseconds for which the status bar says what was copied. */
const STATUS = 3000;

interface SessionCommand {
  /** The title of the list from which a session is picked. */
  readonly title: string;
  /** `fromTree`: the focus stays in the tree. */
  run(row: SessionRow, fromTree: boolean): Promise<void>;
}

/**
 * Register forkpoint.openSession, openChanges, resumeInTerminal, fork, forkAt, openParent, upload, copyId, copyPath,
 * revealTranscript and diagnose.
 *
 * Each but forkAt, which lenses call, takes a row of the tree, or a session's id, or nothing: then it is about what is
 * looked at, selected or picked.
 */
export function registerSessionCommands(context: ExtensionContext, parts: Parts): void {
  const resumer = new Resumer(parts.sidecar, context.workspaceState);
  const finders: Finders = {
    ...parts,
    shown: () => window.activeTextEditor && parseUri(window.activeTextEditor.document.uri)?.sessionId,
    pick: (title) => pickSession(parts.sidecar, title),
  };
  const fork = (uri?: unknown, at?: unknown) => guarded(() => forkShown(uri, at, parts));
  context.subscriptions.push(resumer, commands.registerCommand("forkpoint.forkAt", fork));
  for (const [id, command] of Object.entries(sessionCommands(parts, resumer))) {
    const run = async (...args: unknown[]) => {
      const [argument] = args;
      if (isRowLost(args)) {
        tellRowLost();
        return;
      }
      const row = await findTarget(argument, command.title, finders);
      if (row !== undefined) {
        await command.run(row, isSessionNode(argument));
      }
    };
    const registered = commands.registerCommand(id, (...args: unknown[]) => guarded(() => run(...args)));
    context.subscriptions.push(registered);
  }
}

function sessionCommands(parts: Parts, resumer: Resumer): Record<string, SessionCommand> {
  const { documents } = parts;
  return {
    "forkpoint.openSession": {
      title: l10n.t("Open Session"),
      run: (row, fromTree) => documents.openSession(row, { preserveFocus: fromTree }),
    },
    "forkpoint.openChanges": {
      title: l10n.t("Open Changes of Session"),
      run: (row) => documents.openChanges(row),
    },
    "forkpoint.resumeInTerminal": {
      title: l10n.t("Resume Session in Terminal"),
      run: (row) => resumer.resume(row),
    },
    "forkpoint.fork": {
      title: l10n.t("Fork Session"),
      run: (row) => forkSession(row, parts),
    },
    "forkpoint.openParent": {
      title: l10n.t("Go to the Session It Was Forked From"),
      run: (row) => openParent(row, parts),
    },
    "forkpoint.upload": {
      title: l10n.t("Upload Files to Session"),
      run: (row) => chooseUploads(row, parts.sidecar),
    },
    "forkpoint.copyId": {
      title: l10n.t("Copy Session Id"),
      run: (row) => copy(row.sessionId, l10n.t("The session's id was copied.")),
    },
    "forkpoint.copyPath": {
      title: l10n.t("Copy Path of Transcript"),
      run: (row) => copy(row.path, l10n.t("The path of the session's transcript was copied.")),
    },
    "forkpoint.revealTranscript": {
      title: l10n.t("Reveal Transcript"),
      run: (row) => revealTranscript(row, documents),
    },
    "forkpoint.diagnose": {
      title: l10n.t("Diagnose Session"),
      run: (row) => documents.openDiagnosis(row),
    },
  };
}

/** Fork at a place of a session's document. */
async function forkShown(uri: unknown, at: unknown, parts: Parts): Promise<void> {
  const ref = typeof uri === "string" ? parseUri(Uri.parse(uri)) : undefined;
  if (ref !== undefined && isForkPoint(at)) {
    const { session } = await parts.sidecar.calls.getSession({ sessionId: ref.sessionId });
    await forkAt(session, { at }, parts);
  }
}

/** Say that the tree was drawn anew in the moment in which a command was called for one of its rows. */
export function tellRowLost(): void {
  void window.showInformationMessage(l10n.t("The list was just brought up to date, so nothing was done. Try again."));
}

async function copy(text: string, said: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(said, STATUS);
}

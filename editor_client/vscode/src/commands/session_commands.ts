/** The commands that are about one session. */

import { commands, type ExtensionContext, env, l10n, window } from "vscode";
import { guarded } from "../common/guarded";
import type { Documents } from "../documents/documents";
import { parseUri } from "../documents/uris";
import type { SessionRow } from "../protocol/calls";
import { pickSession } from "../sessions/quick_pick";
import type { Sidecar } from "../sidecar";
import { Resumer } from "./resume";
import { revealTranscript } from "./reveal";
import { type Finders, findTarget, isSessionNode } from "./target";

/** What the commands work with. */
export interface Parts extends Pick<Finders, "tree"> {
  readonly sidecar: Sidecar;
  readonly documents: Pick<Documents, "openSession" | "openChanges" | "openDiagnosis">;
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
 * Register forkpoint.openSession, openChanges, resumeInTerminal, copyId, copyPath, revealTranscript and diagnose.
 *
 * Each takes a row of the tree, or a session's id, or nothing: then it is about what is looked at, selected or picked.
 */
export function registerSessionCommands(context: ExtensionContext, parts: Parts): void {
  const resumer = new Resumer(parts.sidecar, context.workspaceState);
  const finders: Finders = {
    ...parts,
    shown: () => window.activeTextEditor && parseUri(window.activeTextEditor.document.uri)?.sessionId,
    pick: (title) => pickSession(parts.sidecar, title),
  };
  context.subscriptions.push(resumer);
  for (const [id, command] of Object.entries(sessionCommands(parts, resumer))) {
    const run = async (argument: unknown) => {
      const row = await findTarget(argument, command.title, finders);
      if (row !== undefined) {
        await command.run(row, isSessionNode(argument));
      }
    };
    const registered = commands.registerCommand(id, (argument?: unknown) => guarded(() => run(argument)));
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

async function copy(text: string, said: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(said, STATUS);
}

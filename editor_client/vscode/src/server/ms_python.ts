/** The interpreter that the user chose in the Python extension, if that extension is here. */

import { isAbsolute } from "node:path";
import {
  type Disposable,
  type Event,
  EventEmitter,
  extensions,
  type LogOutputChannel,
  type Uri,
  workspace,
} from "vscode";
import { limited } from "../common/limited";
import { messageOf } from "../protocol/errors";

const EXTENSION_ID = "ms-python.python";

/** How long its answer is waited for, in milliseconds: it may be busy looking for environments. */
const PATIENCE_MS = 5000;

/** The part of its public API that is used here. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): EnvironmentPath;
    resolveEnvironment(environment: EnvironmentPath): Promise<ResolvedEnvironment | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

interface EnvironmentPath {
  readonly id: string;
  readonly path: string;
}

interface ResolvedEnvironment {
  readonly executable: { readonly uri?: Uri };
}

/** Asks the Python extension, and tells when its answer may have changed. */
export class MsPython implements Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private following: Disposable | undefined;
  private disposed = false;

  constructor(private readonly log: LogOutputChannel) {}

  /**
   * The absolute path of the interpreter chosen for the first workspace folder; undefined without the extension or
   * a choice. When it takes too long to answer, undefined too, and `onDidChange` fires once it has.
   */
  async interpreter(): Promise<string | undefined> {
    const extension = extensions.getExtension<PythonApi>(EXTENSION_ID);
    if (extension === undefined) {
      return undefined;
    }
    let late = false;
    const asked = (async () => {
      const api = extension.isActive ? extension.exports : await extension.activate();
      this.follow(api);
      const path = await chosen(api);
      if (late) {
        this.changed.fire();
      }
      return path;
    })();
    try {
      return await limited(asked, PATIENCE_MS);
    } catch (error) {
      late = true;
      this.log.warn(`The Python extension gave no interpreter: ${messageOf(error)}`);
      return undefined;
    }
  }

  dispose(): void {
    this.disposed = true;
    this.following?.dispose();
    this.changed.dispose();
  }

  private follow(api: PythonApi): void {
    if (!this.disposed) {
      this.following ??= api.environments.onDidChangeActiveEnvironmentPath(() => this.changed.fire());
    }
  }
}

async function chosen(api: PythonApi): Promise<string | undefined> {
  const active = api.environments.getActiveEnvironmentPath(workspace.workspaceFolders?.[0]?.uri);
  const resolved = await api.environments.resolveEnvironment(active);
  const path = resolved?.executable.uri?.fsPath ?? active.path;
  return isAbsolute(path) ? path : undefined;
}

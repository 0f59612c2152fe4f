/** The document that says what is wrong with a session's files. */

import { diagnosisDocument } from "./diagnosis";
import { LiveDocument } from "./live_document";
import type { Means } from "./session_document";

/** What is wrong with a session's files; they are read whole for it. */
export class DiagnosisDocument extends LiveDocument {
  constructor(
    means: Means,
    readonly sessionId: string,
    changed: (moved: number) => void,
  ) {
    const render = async (row: Parameters<typeof diagnosisDocument>[0]) => {
      const { problems } = await means.calls().diagnoseSession({ sessionId });
      return diagnosisDocument(row, problems, Date.now(), means.words);
    };
    const row = async () => (await means.calls().getSession({ sessionId })).session;
    super({ row, render }, means.words.t, changed);
  }
}

/** The addresses of our documents; pure. */

/** The scheme of all our documents. */
export const SCHEME = "forkpoint";

/** What a document of ours shows. */
export type DocumentRef = SessionRef | DiagnosisRef | SideRef;

/** The history of a session. */
export interface SessionRef {
  readonly kind: "session";
  readonly sessionId: string;
}

/** What is wrong with a session's files. */
export interface DiagnosisRef {
  readonly kind: "diagnosis";
  readonly sessionId: string;
}

/** One side of a changed file in a session's folder. */
export interface SideRef {
  readonly kind: "side";
  readonly sessionId: string;
  /** At HEAD, or in the working tree. */
  readonly side: "old" | "new";
  /** Relative to the session's folder, with slashes. */
  readonly path: string;
  /** Its bytes, base64, when it is not UTF-8. */
  readonly pathBase64?: string | undefined;
}

/** The parts of an address, decoded, as the editor's own type takes and gives them. */
export interface UriParts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

const LONGEST_NAME = 60;

/**
 * The address of a session's document, whose name is the title in words that a file can have.
 *
 * The same session has another address when its title changes: look for an open document with `sameDocument` first.
 */
export function sessionUri(sessionId: string, title: string): UriParts {
  return address({ kind: "session", sessionId }, `${folderOf(sessionId)}/${fileName(title, "Session")}.md`);
}

/** The address of a session's diagnosis; `name` is its name for people. */
export function diagnosisUri(sessionId: string, name: string): UriParts {
  return address({ kind: "diagnosis", sessionId }, `${folderOf(sessionId)}/${fileName(name, "Diagnosis")}.md`);
}

/** The address of one side of a changed file; it ends in the file's own path, which gives it its language. */
export function sideUri(ref: SideRef): UriParts {
  return address(ref, ref.path.replace(/\p{Cs}|\p{Cc}/gu, "\uFFFD"));
}

/** What a document of ours shows; undefined for an address that is not ours. */
export function parseUri(uri: UriParts): DocumentRef | undefined {
  if (uri.scheme !== SCHEME) {
    return undefined;
  }
  const query = new URLSearchParams(uri.query);
  const { kind, session: sessionId, side, path, bytes } = Object.fromEntries(query);
  if (sessionId === undefined) {
    return undefined;
  }
  if (kind === "session" || kind === "diagnosis") {
    return { kind, sessionId };
  }
  if (kind !== "side" || path === undefined || (side !== "old" && side !== "new")) {
    return undefined;
  }
  return { kind, sessionId, side, path, pathBase64: bytes };
}

/** Whether two documents show the same thing, whatever their addresses are. */
export function sameDocument(one: DocumentRef, other: DocumentRef): boolean {
  return queryOf(one) === queryOf(other);
}

function address(ref: DocumentRef, path: string): UriParts {
  return { scheme: SCHEME, path: `/${path}`, query: queryOf(ref) };
}

function queryOf(ref: DocumentRef): string {
  const query = new URLSearchParams({ kind: ref.kind, session: ref.sessionId });
  if (ref.kind === "side") {
    query.set("side", ref.side);
    query.set("path", ref.path);
    if (ref.pathBase64 !== undefined) {
      query.set("bytes", ref.pathBase64);
    }
  }
  return query.toString();
}

/** Tells sessions with the same title apart where the editor shows folders. */
function folderOf(sessionId: string): string {
  return fileName(sessionId, "session");
}

/** A text as the name of a file: what some system or address gives a meaning is a blank, dots neither begin nor end it. */
function fileName(text: string, otherwise: string): string {
  const words = text.replace(/[\p{C}\p{Z}/\\:*?"<>|#%&$]+/gu, " ").replace(/^[. ]+/, "");
  return (
    [...words]
      .slice(0, LONGEST_NAME)
      .join("")
      .replace(/[. ]+$/, "") || otherwise
  );
}

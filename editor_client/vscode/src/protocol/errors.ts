/** What the server's errors say. */

import type { ErrorKind } from "./calls";

/** The kinds that JSON-RPC itself has, beside those of the catalogue. */
export type WireErrorKind = ErrorKind | "invalidParams" | "methodNotFound" | "internal" | "cancelled";

/** The `kind` of an error that the server answered; undefined for any other error. */
export function errorKind(error: unknown): WireErrorKind | undefined {
  const data = memberOf(error, "data");
  const kind = memberOf(data, "kind");
  return typeof kind === "string" ? (kind as WireErrorKind) : undefined;
}

/** Whether a call ended because it was cancelled, by us or by the editor. */
export function isCancelled(error: unknown): boolean {
  return errorKind(error) === "cancelled" || (error instanceof Error && error.name === "Canceled");
}

/** A sentence for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A member of a value from outside, when it is an object that has it. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

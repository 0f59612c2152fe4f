/** Why something could not be done, as a sentence for people; pure. */

import { errorKind, memberOf, messageOf, type WireErrorKind } from "../protocol/errors";
import { SidecarUnavailable } from "../sidecar";
import { noticeText } from "./labels";
import type { Translate } from "./words";

/**
 * The sentence for an error, on one line that can also stand in a notification.
 *
 * A kind that is not known, and an error that is not the server's, speak for themselves.
 */
export function failureText(error: unknown, t: Translate): string {
  if (error instanceof SidecarUnavailable) {
    return t("The Forkpoint server is not running: {0}", noticeText(error.message));
  }
  return sentence(errorKind(error), error, t) ?? (noticeText(messageOf(error)) || t("It failed without a reason."));
}

function sentence(kind: WireErrorKind | undefined, error: unknown, t: Translate): string | undefined {
  const told = (name: string) => noticeText(String(memberOf(memberOf(error, "data"), name) ?? "?"));
  switch (kind) {
    case "pathRefused":
      return refusalText(told("reason"), told("path"), t);
    case "remoteFolder":
      return t("The session works in a folder of another machine: {0}.", told("folder"));
    case "fileNotFound":
      return t("There is nothing at {0} on this machine.", told("path"));
    case "repositoryRefused":
      return t("Git was not run in {0}: {1}.", told("folder"), told("reason"));
    case "notSupported":
      return t("This cannot be done here: {0}.", told("reason"));
    case "sessionNotFound":
      return t("The session is not there any more.");
    case "entryNotFound":
      return t("The session has changed while it was read.");
    case "discontinued":
      return t("The session has a format that is not read any more: {0}.", told("format"));
    case "unreadable":
      return t("{0} cannot be read: {1}.", told("path"), told("reason"));
    case "timedOut":
      return t("{0} took too long and was stopped.", told("what"));
    case "sessionBusy":
      return t("Another program is at work on it ({0}).", told("holder"));
    case "sessionChangedOnDisk":
      return t("Another program changed it at the same moment, so it was left alone. Try again.");
    case "revisionMismatch":
      return t("It has changed meanwhile; look at it again.");
    case "labelInUse":
      return t("Another session has the label “{0}”.", told("label"));
    case "nameTaken":
      return t("There is something else at {0} by now.", told("path"));
    case "trashNotFound":
      return t("It is not in the trash any more.");
    case "profileNotFound":
      return t("The agent has no profile “{0}” on this machine.", told("profile"));
    case "unwritable":
      return t("{0} cannot be changed: {1}.", told("path"), told("reason"));
    case "noSpace":
      return t("There is no space left to write {0}; nothing was changed.", told("path"));
    case "scopeMissing":
      return t("The server was started without the permission for this ({0}).", told("scope"));
    case "untrusted":
      return t("This needs a trusted workspace.");
    case "readOnly":
      return t("Forkpoint is set to read only.");
    default:
      return undefined;
  }
}

function refusalText(reason: string, path: string, t: Translate): string {
  switch (reason) {
    case "secretName":
    case "repositoryInternals":
      return t("Not shown: {0} looks like a secret.", path);
    case "hidden":
      return t("Not shown: {0} is hidden.", path);
    case "link":
      return t("Not shown: {0} is, or lies behind, a symbolic link.", path);
    case "rootTooWide":
    case "homeAsRoot":
    case "agentHome":
      return t("The session works in a folder that holds more than a project, which is not looked into: {0}.", path);
    case "outsideWorkspace":
      return t("The session works outside of the open folders, which is not looked into here: {0}.", path);
    default:
      return t("Not shown: {0} is refused ({1}).", path, reason);
  }
}

"""Which names are secrets by their look: keys, credentials, token files, the folders programs keep them in.

A name is judged by every spelling that some file system takes for the same file: letters of any case and width,
marks that cannot be seen (a case-folding ext4 and HFS+ skip them), blanks and dots at the end and `name:stream`
(NTFS), a backslash (SMB). So the answer is the same on every disk.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise, product


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEY_NAMES = re.compile(r"(?<![a-z0-9])id_(rsa|dsa|ecdsa|ed25519|xmss)(?![a-z0-9])")
"""SSH keys in any wrapping: `id_rsa`, `id_rsa.pub`, `github_id_ed25519_sk`, `id_rsa copy`."""

KEY_EXTENSIONS = _words(
    "pem key p8 pk8 p12 pfx pkcs12 der crt cer jks jceks bks keystore keytab kdb kdbx ppk ovpn private_key "
    "kubeconfig tfstate tfvars"
)
"""Refused as any extension of a name, so that `server.key.bak` is one too. Certificates go with their keys."""

NAMES = _words(
    "known_hosts known_hosts2 authorized_keys authorized_keys2 npmrc pypirc netrc git-credentials gitcookies pgpass "
    "pgpass.conf mylogin.cnf htpasswd dockercfg dockerconfigjson kubeconfig s3cfg boto vault-token terraformrc "
    "oauth_creds.json serviceaccountkey.json service-account.json service_account.json secring.gpg"
)
"""Refused with and without a leading dot or underscore."""

DOTTED_NAMES = _words(
    ".ssh .gnupg .aws .kube .azure .gcloud .gcp .oci .password-store .envrc .my.cnf .vault .databrickscfg"
)
"""Refused only with the dot: without it these are ordinary names in a project."""

HOME_FOLDERS = _words(".ssh .gnupg .aws .kube .azure .gcloud .gcp .oci .password-store .vault")
"""The folders among `DOTTED_NAMES`; a work dir inside one of them is refused whole."""

PAIRS = frozenset(
    {
        (".docker", "config.json"),
        (".config", "gcloud"),
        (".config", "gh"),
        (".config", "op"),
        (".m2", "settings.xml"),
        (".gradle", "gradle.properties"),
        ("share", "keyrings"),
        ("library", "keychains"),
    }
)
"""A name that is a secret only inside this folder."""

STEMS = _words("credential credentials secret secrets")
"""Refused with whatever extension, also as a folder."""

WORDS = re.compile(r"(?<![a-z0-9])(credentials?|secrets?)(?![a-z])")
"""Refused anywhere in a name that ends like data: `client_secret_12.json`; source code may say such words."""

DATA_EXTENSIONS = _words("json yaml yml toml ini cfg conf xml txt csv db sqlite properties plist env enc")
BACKUP_EXTENSIONS = _words("bak backup old orig save copy tmp swp swo gz zip 1 2 3")
SAMPLE_EXTENSIONS = frozenset({"example", "sample", "template"})
"""What a project ships to show how a secret file looks; key material is refused under these names too."""

HISTORY = re.compile(r"\.[a-z0-9_-]+_history")
"""What a person typed into a shell or a database client: `.bash_history`, `.psql_history`."""

_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What cannot be seen. Source: Unicode 15, Default_Ignorable_Code_Point, and the interlinear marks U+FFF9 to U+FFFB."""


def folded(name: str) -> str:
    """Give the form in which names are compared: case-folded, NFKC, without marks that cannot be seen."""
    if name.isascii():
        return name.lower()
    before = ""
    while name != before:
        before = name
        name = unicodedata.normalize("NFKC", _IGNORED.sub("", name).casefold())
    return name


def spellings(name: str) -> Iterator[str]:
    """Give every form of one path component that may stand for a file, folded; at least one."""
    for piece in re.split(r"[/\\]", folded(name)):
        yield piece.strip()
        if ":" in piece:
            yield piece.partition(":")[0].strip()


def has_secret_pair(components: Sequence[str]) -> bool:
    """Whether two neighbours among a path's components make a secret together."""
    forms = [{_plain(spelling) for spelling in spellings(name)} for name in components]
    return any(pair in PAIRS for outer, inner in pairwise(forms) for pair in product(outer, inner))


def is_secret_name(name: str) -> bool:
    """Whether one component looks like a secret by itself."""
    return any(_looks_secret(_plain(spelling)) for spelling in spellings(name))


def _plain(spelling: str) -> str:
    """Take off what editors put around a copy's name, and the dots and blanks that NTFS does not keep."""
    return re.sub(r"[\s.~#]+$", "", spelling).lstrip("#")


def _looks_secret(name: str) -> bool:
    parts = name.split(".")
    if KEY_NAMES.search(name) or not KEY_EXTENSIONS.isdisjoint(parts[1:]):
        return True
    if parts[-1] in SAMPLE_EXTENSIONS:
        return False
    if re.match(r"\.env(?![a-z0-9])", name):
        return True
    while len(parts) > 1 and parts[-1] in BACKUP_EXTENSIONS:
        parts.pop()
    kept = ".".join(parts)
    bare = kept.lstrip("._")
    return (
        (len(parts) > 1 and parts[-1] == "env")
        or bare in NAMES
        or kept in DOTTED_NAMES
        or bare.partition(".")[0] in STEMS
        or (parts[-1] in DATA_EXTENSIONS and WORDS.search(kept) is not None)
        or HISTORY.fullmatch(kept) is not None
    )
